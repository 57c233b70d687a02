import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  freeStanding,
  holdLength,
  type LadderPolicy,
  nextHold,
  rungs,
  type Standing,
  type StandingEvent,
} from '../../src/quarantine/ladder.ts'

const policy: LadderPolicy = { ttlMs: 300_000, maxTtlMs: 86_400_000, releaseAfterClean: 20 }

const eventOf = (atMs: number) =>
  fc.oneof(
    fc.record({
      kind: fc.constant('accused' as const),
      atMs: fc.constant(atMs),
      rung: fc.constantFrom('watched' as const, 'slowed' as const, 'restricted' as const, 'isolated' as const),
      basis: fc.constantFrom('one-kind' as const, 'two-kinds' as const),
      jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('acquitted' as const), atMs: fc.constant(atMs) }),
    fc.record({ kind: fc.constant('passed' as const), atMs: fc.constant(atMs) }),
    fc.record({ kind: fc.constant('released' as const), atMs: fc.constant(atMs) }),
    fc.record({ kind: fc.constant('extended' as const), atMs: fc.constant(atMs), byMs: fc.nat(10 * policy.maxTtlMs) }),
    fc.record({
      kind: fc.constant('exempted' as const),
      atMs: fc.constant(atMs),
      untilMs: fc.option(fc.integer({ min: atMs, max: atMs + 1e9 })),
    }),
    fc.record({ kind: fc.constant('unexempted' as const), atMs: fc.constant(atMs) }),
  )

/** Events at times that never go back, from milliseconds to days apart. */
const history: fc.Arbitrary<StandingEvent[]> = fc
  .array(fc.oneof(fc.nat(1_000), fc.nat(400_000), fc.nat(100_000_000)), { maxLength: 60 })
  .chain((gaps) => {
    let atMs = 1
    return fc.tuple(
      ...gaps.map((gap) => {
        atMs += gap
        return eventOf(atMs) as fc.Arbitrary<StandingEvent>
      }),
    )
  })

function run(
  events: readonly StandingEvent[],
  visit: (before: Standing, event: StandingEvent, after: Standing) => void,
): void {
  let standing = freeStanding(0)
  for (const event of events) {
    const after = nextHold(standing, event, policy)
    visit(standing, event, after)
    standing = after
  }
}

const accused = (
  atMs: number,
  rung: 'watched' | 'slowed' | 'restricted' | 'isolated',
  basis: 'one-kind' | 'two-kinds' = 'two-kinds',
) => ({ kind: 'accused', atMs, rung, basis, jitter: 0.5 }) as const

describe('client ladder', () => {
  it('leads somewhere from every state for every event, and every hold ends', () => {
    fc.assert(
      fc.property(history, (events) => {
        run(events, (_, event, after) => {
          expect(['free', 'watched', 'held', 'pardoned', 'exempt']).toContain(after.kind)
          if (after.kind !== 'held') return
          expect(after.untilMs).toBeGreaterThan(event.atMs)
          expect(after.untilMs).toBeLessThanOrEqual(event.atMs + policy.maxTtlMs)
          const later = nextHold(after, { kind: 'passed', atMs: after.untilMs }, policy)
          expect(later.kind).toBe('free')
        })
      }),
    )
  })

  it('never lets one kind of evidence hold a client longer than the shortest time', () => {
    fc.assert(
      fc.property(history, (events) => {
        const oneKind = events.map((event) =>
          event.kind === 'accused' ? { ...event, basis: 'one-kind' as const } : event,
        )
        let since = 0
        run(
          oneKind.filter((event) => event.kind !== 'extended'),
          (before, event, after) => {
            if (after.kind !== 'held') return
            expect(after.rung).toBe('slowed')
            if (before.kind !== 'held' || before.untilMs <= event.atMs) since = event.atMs
            expect(after.untilMs - since).toBeLessThanOrEqual(policy.ttlMs)
          },
        )
      }),
    )
  })

  it('lets one kind of evidence rest after it has slowed a client', () => {
    const slowed = nextHold(freeStanding(0), accused(1, 'slowed', 'one-kind'), policy)
    expect(slowed).toMatchObject({ kind: 'held', rung: 'slowed', untilMs: 300_001 })
    const soon = nextHold(slowed, accused(300_002, 'slowed', 'one-kind'), policy)
    expect(soon.kind).toBe('watched')
    expect(nextHold(soon, accused(700_000, 'slowed', 'one-kind'), policy).kind).toBe('held')
  })

  it('leaves a client alone that a person let go or exempted, whatever the machine says', () => {
    fc.assert(
      fc.property(history, (events) => {
        run(events, (before, event, after) => {
          if (before.kind !== 'pardoned' && before.kind !== 'exempt') return
          const isOver = before.untilMs !== null && before.untilMs <= event.atMs
          if (isOver || event.kind === 'exempted' || event.kind === 'unexempted') return
          expect(after).toEqual(before)
        })
      }),
    )
  })

  it('leaves a hold alone that a person extended', () => {
    const held = nextHold(freeStanding(0), accused(1, 'slowed'), policy)
    const extended = nextHold(held, { kind: 'extended', atMs: 2, byMs: 3_600_000 }, policy)
    expect(extended).toMatchObject({ kind: 'held', by: 'person', untilMs: 3_900_001 })
    expect(nextHold(extended, accused(3, 'isolated'), policy)).toBe(extended)
    let clean = extended
    for (let step = 0; step < 100; step += 1) clean = nextHold(clean, { kind: 'acquitted', atMs: 4 + step }, policy)
    expect(clean).toBe(extended)
  })

  it('goes up only, until clean requests lead down rung by rung', () => {
    let standing = nextHold(freeStanding(0), accused(1, 'isolated'), policy)
    expect(nextHold(standing, accused(2, 'slowed'), policy)).toBe(standing)
    const seen: string[] = []
    for (let step = 1; step <= 4 * policy.releaseAfterClean; step += 1) {
      standing = nextHold(standing, { kind: 'acquitted', atMs: 10 + step }, policy)
      if (step % policy.releaseAfterClean === 0) seen.push(standing.kind === 'held' ? standing.rung : standing.kind)
    }
    expect(seen).toEqual(['restricted', 'slowed', 'watched', 'free'])
  })

  it('starts the count of clean requests anew when something is said again', () => {
    let standing = nextHold(freeStanding(0), accused(1, 'slowed'), policy)
    for (let step = 0; step < 19; step += 1) standing = nextHold(standing, { kind: 'acquitted', atMs: 2 }, policy)
    standing = nextHold(standing, accused(3, 'slowed'), policy)
    standing = nextHold(standing, { kind: 'acquitted', atMs: 4 }, policy)
    expect(standing).toMatchObject({ kind: 'held', rung: 'slowed', clean: 1 })
  })

  it('makes each further hold four times longer, up to the cap, and forgets after as long in freedom', () => {
    let standing = freeStanding(0)
    let nowMs = 1
    const lengths: number[] = []
    for (let round = 0; round < 6; round += 1) {
      standing = nextHold(standing, accused(nowMs, 'isolated'), policy)
      if (standing.kind !== 'held') throw new Error('expected a hold')
      lengths.push(standing.untilMs - nowMs)
      nowMs = standing.untilMs + 1
    }
    expect(lengths).toEqual([300_000, 1_200_000, 4_800_000, 19_200_000, 76_800_000, 86_400_000])
    standing = nextHold(standing, accused(nowMs + policy.maxTtlMs, 'isolated'), policy)
    expect(standing).toMatchObject({ count: 1, untilMs: nowMs + policy.maxTtlMs + 300_000 })
  })

  it('jitters by a tenth and never passes the cap', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (count, jitter) => {
        const length = holdLength(count, jitter, policy)
        const plain = policy.ttlMs * 4 ** Math.min(count, 20)
        expect(length).toBeLessThanOrEqual(Math.min(policy.maxTtlMs, plain * 1.1))
        expect(length).toBeGreaterThanOrEqual(Math.min(policy.maxTtlMs, plain * 0.9) - 1)
      }),
    )
  })

  it('raises a short hold on one kind of evidence to a full one when a second kind joins', () => {
    const slowed = nextHold(freeStanding(0), accused(1, 'slowed', 'one-kind'), policy)
    const raised = nextHold(slowed, accused(200_000, 'isolated'), policy)
    expect(raised).toMatchObject({ kind: 'held', rung: 'isolated', basis: 'two-kinds', count: 1, untilMs: 500_000 })
    expect(rungs).toEqual(['free', 'watched', 'slowed', 'restricted', 'isolated'])
  })
})
