import { expect, it } from '@jest/globals'
import { type Answer, numbersOf, type RequestParts, run, statusOf } from './run-case.ts'

/** Rules, a message, and what must come of them. What a case leaves out is not looked at. */
export type SemanticCase = {
  readonly says: string
  readonly rules: string
  readonly request?: RequestParts
  readonly answer?: Answer
  /** Numbers of the rules that match, in order. */
  readonly matched?: readonly number[]
  /** Status of the refusal, `null` for none. */
  readonly status?: number | null
  /** Transaction variables at the end, `null` for one that must not be there. */
  readonly tx?: Readonly<Record<string, string | null>>
}

/** Makes a test of each case and one that says how many there are. */
export function runCases(cases: readonly SemanticCase[], count: number): void {
  it.each(cases.map((one) => [one.says, one] as const))('%s', (_, one) => {
    const transaction = run(one.rules, one.request, one.answer)
    if (one.matched !== undefined) expect(numbersOf(transaction)).toEqual(one.matched)
    if (one.status !== undefined) expect(statusOf(transaction.interruption())).toBe(one.status)
    for (const [name, value] of Object.entries(one.tx ?? {})) {
      expect([name, transaction.variable(name)]).toEqual([name, value])
    }
    expect(transaction.faults).toEqual([])
  })

  it(`runs ${count} cases`, () => {
    expect(cases).toHaveLength(count)
  })
}
