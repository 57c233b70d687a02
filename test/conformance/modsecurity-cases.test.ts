import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { createManualClock } from '../../src/core/clock.ts'
import { createRandom } from '../../src/core/random.ts'
import { parseSecLang } from '../../src/innate/seclang/load-seclang.ts'
import type { RuleProgram } from '../../src/innate/seclang/program.ts'
import { createProgramRunner } from '../../src/innate/seclang/run/create-program-runner.ts'

/** The engine cases of ModSecurity 3, which are not part of this repository. */
const file = join(import.meta.dirname, '../../../shared/data/modsec3-regression.jsonl.gz')

type Case = {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | null
  readonly body_b64?: string
  readonly rules: readonly string[]
  readonly expected: { readonly http_code?: number; readonly parser_error?: string }
  readonly meta: {
    readonly enabled: number
    readonly client: { readonly ip?: string } | null
    readonly response: {
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: readonly string[] | string
    } | null
  }
}

/** Cases that come out otherwise, by design. */
const differences: ReadonlyMap<string, string> = new Map([
  ['actions.json:2', 'A redirect with a status that is none of 301, 302, 303, 307 and 308 becomes 302.'],
  ['config-body_limits.json:0', 'A response that is not read at all has no limit.'],
  [
    'config-update-target-by-id.json:3',
    'An exclusion from ARGS says nothing of ARGS_NAMES; libmodsecurity forgets the variable.',
  ],
  ['issue-1941.json:3', 'The unicode map file is not part of the data set.'],
  [
    'request-body-parser-multipart.json:54',
    'Control characters in the name of a part header are let through, as by 3.0.9.',
  ],
  ['variable-PATH_INFO.json:3', 'Expects what a later version than 3.0.9 does with an encoded question mark.'],
])

function casesOf(): readonly Case[] {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  return lines.map((line): Case => JSON.parse(line)).filter(({ meta }) => meta.enabled === 1)
}

/** The data set has lost the line feeds of bodies: where there are carriage returns, they are put back. */
function bodyOf({ body, body_b64 }: Case): Buffer | null {
  if (body_b64 !== undefined) return Buffer.from(body_b64, 'base64')
  return body === null ? null : Buffer.from(body.includes('\n') ? body : body.replaceAll('\r', '\r\n'))
}

const isTorn = ({ headers, body }: Case): boolean =>
  headers.some(([name, value]) => /^content-type$/i.test(name) && /^multipart/i.test(value)) && !body?.includes('\r')

/** Status that comes of a case: 200 where nothing stops it. */
function statusOf(one: Case, program: RuleProgram): number {
  const runner = createProgramRunner(program, { clock: createManualClock(1_700_000_000_000), random: createRandom(1) })
  const transaction = runner.begin({
    method: one.method,
    target: one.url,
    rawHeaders: one.headers.flat(),
    body: bodyOf(one),
    isBodyCut: false,
    remoteAddress: one.meta.client?.ip ?? '192.0.2.1',
    receivedAtMs: 0,
  })
  const { response } = one.meta
  transaction.requestHead()
  transaction.requestBody()
  transaction.responseHead(200, Object.entries(response?.headers ?? {}).flat())
  transaction.responseBody(Buffer.from([response?.body ?? ''].flat().join('\n')))
  transaction.log()
  const stop = transaction.interruption()
  if (stop === null) return 200
  return stop.kind === 'drop' ? 403 : stop.status
}

type Outcome = {
  readonly id: string
  readonly kind: 'same' | 'different' | 'refused' | 'torn' | 'named'
  readonly why: string
}

function runCase(one: Case): Outcome {
  const id = one.id.replace(/^modsec3:/, '')
  const reason = differences.get(id)
  if (reason !== undefined) return { id, kind: 'named', why: reason }
  if (isTorn(one)) return { id, kind: 'torn', why: 'the body has lost its line ends' }
  let program: RuleProgram
  try {
    program = parseSecLang(one.rules.join('\n'), 'case.conf')
  } catch (cause) {
    return { id, kind: 'refused', why: cause instanceof Error ? cause.message : String(cause) }
  }
  const status = statusOf(one, program)
  const wanted = one.expected.http_code
  return { id, kind: status === wanted ? 'same' : 'different', why: `expected ${wanted}, got ${status}` }
}

const describeData = existsSync(file) ? describe : describe.skip

describeData('the engine cases of ModSecurity 3 (skipped without ../shared/data/modsec3-regression.jsonl.gz)', () => {
  const cases = existsSync(file) ? casesOf() : []

  it('come out with the same status, but for those that are named', () => {
    const outcomes = cases.filter(({ expected }) => expected.http_code !== undefined).map(runCase)
    const count = (kind: Outcome['kind']): number => outcomes.filter((one) => one.kind === kind).length
    expect(outcomes.filter(({ kind }) => kind === 'different')).toEqual([])
    expect(count('same')).toBeGreaterThanOrEqual(150)
    expect(count('named')).toBe(differences.size)
    // What is not supported is refused by name; the rest are rules that libmodsecurity takes and never runs.
    const unexplained = outcomes.filter(
      ({ kind, why }) => kind === 'refused' && !/is not supported|the chain is not finished|has no id/.test(why),
    )
    expect(unexplained).toEqual([])
  })

  it('refuse the rules that ModSecurity refuses', () => {
    const wrong = cases.filter(({ expected }) => expected.parser_error !== undefined)
    const accepted = wrong.filter(({ rules }) => {
      try {
        parseSecLang(rules.join('\n'), 'case.conf')
        return true
      } catch {
        return false
      }
    })
    expect(wrong).toHaveLength(28)
    expect(accepted.map(({ id }) => id.replace(/^modsec3:/, '')).filter((id) => !tolerated.has(id))).toEqual([])
  })
})

/** Rules that are taken here: a unicode map is not needed, and a variable without content is no error. */
const tolerated: ReadonlySet<string> = new Set([
  'issue-1941.json:0',
  'issue-1941.json:1',
  'operator-ipMatchFromFile.json:1',
  'variable-WEBSERVER_ERROR_LOG.json:0',
])
