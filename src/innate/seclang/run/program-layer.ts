import type { Clock } from '../../../core/clock.ts'
import type { Finding } from '../../../core/finding.ts'
import type { Random } from '../../../core/random.ts'
import type { CanonicalRequest } from '../../../request/canonical-request.ts'
import { mediaTypeOf } from '../../../request/media-type.ts'
import type { OrderedRule, ProgramSettings, RuleProgram } from '../program.ts'
import { isReadType, lastHeader } from '../variables/message-state.ts'
import { createProgramRunner } from './create-program-runner.ts'
import { toFindings } from './program-finding.ts'
import type { Transaction } from './transaction.ts'

/** The answer to a request, as far as it is known. */
export type ResponseView = {
  readonly status: number
  /** Names and values in turn, in wire order. */
  readonly rawHeaders: readonly string[]
  /** `null` while the body is not, or not yet, at hand. */
  readonly body: Uint8Array | null
}

/** A SecLang program as part of the innate layer. */
export type ProgramLayer = {
  /** Phases 1 and 2. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Phases 3 to 5 of a request that was inspected; nothing for any other. Without a body phase 3 alone. */
  readonly inspectResponse: (request: CanonicalRequest, response: ResponseView, findings: Finding[]) => void
  /** `null` when no rule asks about answers. */
  readonly responses: ResponsePlan | null
  readonly hits: Float64Array
}

/** What of answers the rules look at. */
export type ResponsePlan = {
  /** How much of the body of an answer with these headers is wanted; `null`: none of it. */
  readonly bodyOf: (rawHeaders: readonly string[]) => WantedBody | null
}

export type WantedBody = { readonly maxBytes: number; readonly whenLarger: 'partial' | 'refuse' }

export type ProgramLayerOptions = {
  readonly program: RuleProgram
  readonly clock: Clock
  readonly random: Random
  readonly isShadow: (rule: OrderedRule) => boolean
  readonly maxWork?: number
}

type Begun = { readonly transaction: Transaction; readonly told: { matches: number; faults: number } }

export function createProgramLayer(options: ProgramLayerOptions): ProgramLayer {
  const { program, isShadow } = options
  const runner = createProgramRunner(program, options)
  /** Only programs that look at answers need to remember a request until then. */
  const seesResponses = program.phases.slice(2).some((steps) => steps.some((step) => step.kind === 'rule'))
  const begun = new WeakMap<CanonicalRequest, Begun>()

  const tell = ({ transaction, told }: Begun, request: CanonicalRequest, findings: Finding[]): void => {
    findings.push(...toFindings(transaction, { request, isShadow, told }))
    told.matches = transaction.matches.length
    told.faults = transaction.faults.length
  }

  return {
    hits: runner.hits,
    responses: seesResponses ? { bodyOf: (rawHeaders) => wantedBody(program.settings, rawHeaders) } : null,
    inspect: (request, findings) => {
      const transaction = runner.begin(request.view)
      transaction.requestHead()
      transaction.requestBody()
      const one: Begun = { transaction, told: { matches: 0, faults: 0 } }
      tell(one, request, findings)
      if (seesResponses) begun.set(request, one)
    },
    inspectResponse: (request, { status, rawHeaders, body }, findings) => {
      const one = begun.get(request)
      if (one === undefined) return
      one.transaction.responseHead(status, rawHeaders)
      if (body !== null) {
        one.transaction.responseBody(body)
        one.transaction.log()
        begun.delete(request)
      }
      tell(one, request, findings)
    },
  }
}

/** SecResponseBodyAccess, SecResponseBodyMimeType and SecResponseBodyLimit; a stream of events has no end to wait for. */
function wantedBody(settings: ProgramSettings, rawHeaders: readonly string[]): WantedBody | null {
  if (!settings.responseBodyAccess) return null
  const contentType = lastHeader(rawHeaders, 'content-type')
  if (mediaTypeOf(contentType) === 'text/event-stream' || !isReadType(settings, contentType)) return null
  const whenLarger = settings.responseBodyLimitAction === 'reject' ? 'refuse' : 'partial'
  return { maxBytes: settings.responseBodyLimit, whenLarger }
}
