import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCaseLog, reviewCaseOf } from '../../src/telemetry/cases.ts'
import { exchangeWith, findingOf } from '../support/exchanges.ts'

function caseOf(referenceId: string) {
  const made = reviewCaseOf(
    exchangeWith({ kind: 'deny', status: 403, because: 'attack', referenceId, findings: [findingOf()] }),
  )
  if (made === undefined) throw new Error('expected a case')
  return made
}

describe('case log', () => {
  it('keeps the newest, newest first, and never more than its capacity', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 80 }),
        fc.integer({ min: 1, max: 10 }),
        (ids, capacity) => {
          const log = createCaseLog({ capacity })
          let expected: string[] = []
          for (const id of ids) {
            const referenceId = `r${id}`
            log.add(caseOf(referenceId))
            if (!expected.includes(referenceId)) expected = [referenceId, ...expected].slice(0, capacity)
          }
          expect(log.list({ limit: 100 }).map((entry) => entry.referenceId)).toEqual(expected)
          expect(log.size()).toBe(expected.length)
          for (const referenceId of expected) expect(log.get(referenceId)?.referenceId).toBe(referenceId)
        },
      ),
    )
  })

  it('keeps a reviewed case in its place and filters by review', () => {
    const log = createCaseLog({ capacity: 3 })
    for (const id of ['a', 'b', 'c']) log.add(caseOf(id))
    expect(log.review('b', 'benign', 'ada')).toMatchObject({ review: 'benign', reviewedBy: 'ada' })
    expect(log.list({ limit: 9 }).map((entry) => entry.referenceId)).toEqual(['c', 'b', 'a'])
    expect(log.list({ limit: 9, review: 'open' }).map((entry) => entry.referenceId)).toEqual(['c', 'a'])
    expect(log.list({ limit: 1, review: 'benign' })).toHaveLength(1)
    expect(log.review('gone', 'benign', 'ada')).toBeUndefined()
  })

  it('makes a case only of exchanges about which something was said', () => {
    expect(reviewCaseOf(exchangeWith({ kind: 'allow' }))).toBeUndefined()
    const watched = exchangeWith({
      kind: 'allow',
      findings: [findingOf()],
      would: { kind: 'deny', status: 403, because: 'attack' },
    })
    expect(reviewCaseOf(watched)).toMatchObject({ verdict: 'allow', would: 'deny', review: 'open', reviewedBy: null })
  })
})
