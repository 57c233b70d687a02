import { createManualClock, type ManualClock } from '../../../../src/core/clock.ts'
import { createRandom } from '../../../../src/core/random.ts'
import type { RuleProgram } from '../../../../src/innate/seclang/program.ts'
import {
  createProgramRunner,
  type ProgramRunner,
  type ProgramRunnerOptions,
} from '../../../../src/innate/seclang/run/create-program-runner.ts'
import type { Interruption, RuleMatch, Transaction } from '../../../../src/innate/seclang/run/transaction.ts'
import type { RequestView } from '../../../../src/request/request-view.ts'
import { programOf } from '../rule-texts.ts'

export type RequestParts = {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Uint8Array
}

export function messageOf({ method = 'GET', target = '/', headers = [], body }: RequestParts): RequestView {
  return {
    method,
    target,
    rawHeaders: ['Host', 'shop.example', ...headers.flat()],
    body: body === undefined ? null : typeof body === 'string' ? Buffer.from(body) : body,
    isBodyCut: false,
    remoteAddress: '192.0.2.1',
    receivedAtMs: 0,
  }
}

/** A form as the body of a POST. */
export const formOf = (body: string): RequestParts => ({
  method: 'POST',
  headers: [['Content-Type', 'application/x-www-form-urlencoded']],
  body,
})

export type Answer = {
  readonly status?: number
  readonly headers?: readonly string[]
  readonly body?: string
}

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5)

export type Bench = {
  readonly runner: ProgramRunner
  readonly clock: ManualClock
  /** Takes a request, and the answer to it, through all phases. */
  readonly send: (request?: RequestParts, answer?: Answer) => Transaction
}

/** Rules with the engine and both bodies on, unless they say otherwise. */
export function benchOf(rules: string | RuleProgram, options: Partial<ProgramRunnerOptions> = {}): Bench {
  const settings =
    'SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\nSecResponseBodyMimeType text/plain\n'
  const program = typeof rules === 'string' ? programOf(settings + rules) : rules
  const clock = createManualClock(startMs)
  const runner = createProgramRunner(program, { clock, random: createRandom(7), ...options })
  const send = (request: RequestParts = {}, answer: Answer = {}): Transaction => {
    const transaction = runner.begin(messageOf(request))
    transaction.requestHead()
    transaction.requestBody()
    transaction.responseHead(answer.status ?? 200, ['Content-Type', 'text/plain', ...(answer.headers ?? [])])
    transaction.responseBody(Buffer.from(answer.body ?? ''))
    transaction.log()
    return transaction
  }
  return { runner, clock, send }
}

export const run = (rules: string, request: RequestParts = {}, answer: Answer = {}): Transaction =>
  benchOf(rules).send(request, answer)

/** Numbers of the rules that matched, in order. */
export const numbersOf = (transaction: Transaction): readonly number[] =>
  transaction.matches.map(({ rule }) => rule.flow.number)

export const statusOf = (interruption: Interruption | null): number | null =>
  interruption !== null && 'status' in interruption ? interruption.status : null

/** What a rule matched, told shortly: `ARGS:q = text`. */
export const shortly = ({ variable, value }: RuleMatch): string => `${variable} = ${value}`
