import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEventBus, type Exchange } from '../../src/core/events.ts'
import { createCaseLog, type ReviewCase } from '../../src/telemetry/cases.ts'
import { followCases } from '../../src/telemetry/follow-cases.ts'
import { exchangeWith, findingOf } from '../support/exchanges.ts'

/** What the bus makes of exchanges. */
function casesOf(...exchanges: readonly Exchange[]): readonly ReviewCase[] {
  const bus = createEventBus()
  const made: ReviewCase[] = []
  const unfollow = followCases(bus, { add: (entry) => made.push(entry) })
  for (const exchange of exchanges) bus.emit({ kind: 'exchange', exchange })
  unfollow()
  for (const exchange of exchanges) bus.emit({ kind: 'exchange', exchange })
  return made
}

function caseOf(referenceId: string): ReviewCase {
  const findings = [findingOf()]
  const [made] = casesOf(exchangeWith({ kind: 'deny', status: 403, because: 'attack', referenceId, findings }))
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

  it('makes cases of exchanges that a person may want to look at', () => {
    const would = { kind: 'deny', status: 403, because: 'attack' } as const
    const made = casesOf(
      exchangeWith({ kind: 'allow', score: 0 }),
      exchangeWith({ kind: 'allow', score: 0.2, findings: [findingOf({ score: 0.2 })] }),
      exchangeWith({ kind: 'allow', score: 0.6, findings: [findingOf({ score: 0.6 })], referenceId: 'odd' }),
      exchangeWith({ kind: 'allow', score: 0.9, findings: [findingOf()], would, referenceId: 'watched' }),
      exchangeWith({ kind: 'slow', status: 429, retryAfterMs: 1, score: 0, referenceId: 'slowed' }),
    )
    expect(made.map(({ referenceId, verdict, would: next }) => [referenceId, verdict, next])).toEqual([
      ['odd', 'allow', null],
      ['watched', 'allow', 'deny'],
    ])
    expect(made[0]).toMatchObject({ review: 'open', reviewedBy: null })
  })
})
