import type { Config } from '../config/schema.ts'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'
import type { Refusal, Verdict } from '../core/verdict.ts'
import type { Innate } from '../innate/innate.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { decide, type Thresholds } from './decide.ts'
import type { AnswerHead, Answers, Inspection } from './engine.ts'

export type AnswersOptions = {
  readonly config: Config
  readonly innate: Innate | null
  readonly thresholds: Thresholds
  readonly emit: EventListener
  readonly tolerate: (findings: readonly Finding[], request: CanonicalRequest) => readonly Finding[]
}

const noBody = new Uint8Array(0)

/** `null` when no rule asks about answers, so that they pass with one comparison. */
export function createAnswers(options: AnswersOptions): Answers | null {
  const { innate, config, emit, thresholds, tolerate } = options
  const plan = innate?.responses ?? null
  if (innate === null || plan === null) return null
  const look = (inspection: Inspection, head: AnswerHead, body: Uint8Array | null): Inspection => {
    const { request } = inspection
    if (request === null || inspection.verdict.mode === 'off') return inspection
    const found: Finding[] = []
    try {
      innate.inspectResponse(request, { ...head, body }, found)
    } catch (thrown) {
      emit({ kind: 'fault', layer: 'innate', message: messageOf(thrown) })
      const refusal: Refusal | null =
        config.innate.onFault === 'deny' ? { kind: 'deny', status: 503, because: 'fault' } : null
      return withFindings(inspection, found, { thresholds, refusal })
    }
    const about = found.map((finding): Finding => ({ ...finding, isAboutAnswer: true }))
    return withFindings(inspection, tolerate(about, request), { thresholds, refusal: null })
  }
  return {
    inspectHead: (inspection, head) => {
      const wanted = plan.bodyOf(head.rawHeaders)
      const judged = look(inspection, head, wanted === null ? noBody : null)
      return { inspection: judged, body: judged.verdict.kind === 'allow' ? wanted : null }
    },
    inspectBody: look,
  }
}

/** The inspection with what its answer showed; what that alone calls for is told apart from an attack. */
function withFindings(
  inspection: Inspection,
  found: readonly Finding[],
  { thresholds, refusal }: { readonly thresholds: Thresholds; readonly refusal: Refusal | null },
): Inspection {
  if (found.length === 0 && refusal === null) return inspection
  const { mode, referenceId, findings } = inspection.verdict
  const before = inspection.verdict
  const verdict = decide({ findings: [...findings, ...found], standing: refusal, mode, referenceId }, thresholds)
  const wasRefused = before.kind !== 'allow' || before.would !== undefined
  return { ...inspection, verdict: wasRefused ? verdict : asLeak(verdict) }
}

function asLeak(verdict: Verdict): Verdict {
  if (verdict.kind === 'deny' && verdict.because === 'attack') return { ...verdict, because: 'leak' }
  if (verdict.kind !== 'allow' || verdict.would?.kind !== 'deny' || verdict.would.because !== 'attack') return verdict
  return { ...verdict, would: { ...verdict.would, because: 'leak' } }
}
