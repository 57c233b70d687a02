import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type DetectorEvent, type DetectorState, nextDetectorState } from '../../src/adaptive/detector-life.ts'

const stateAfter = (...events: DetectorEvent[]): DetectorState =>
  events.reduce(nextDetectorState, { kind: 'candidate' } as DetectorState)
const screened = (selfMatches: number): DetectorEvent => ({ kind: 'screened', atMs: 1, samples: 100, selfMatches })
const corroborated: DetectorEvent = { kind: 'corroborated', atMs: 2, by: 'object-walk' }
const anyEvent: fc.Arbitrary<DetectorEvent> = fc.oneof(
  fc.record({ kind: fc.constant('screened' as const), atMs: fc.nat(), samples: fc.nat(), selfMatches: fc.nat(1) }),
  fc.constant<DetectorEvent>({ kind: 'matched' }),
  fc.constant(corroborated),
  fc.constant<DetectorEvent>({ kind: 'confirmed', atMs: 3 }),
  fc.constant<DetectorEvent>({ kind: 'retired', atMs: 4, why: 'expired' }),
)

describe('nextDetectorState', () => {
  it('matures once no self value has it', () => {
    expect(stateAfter(screened(0))).toEqual({ kind: 'mature', sinceMs: 1, screenedAgainst: 100, matches: 0 })
  })

  it('dies of a single match with self, in any state', () => {
    expect(stateAfter(screened(1))).toMatchObject({ kind: 'retired', why: 'matched-self' })
    expect(stateAfter(screened(0), { kind: 'matched' }, corroborated, screened(2))).toMatchObject({
      why: 'matched-self',
    })
  })

  it('is activated only by second evidence and becomes memory only after that', () => {
    expect(stateAfter(screened(0), { kind: 'confirmed', atMs: 3 }).kind).toBe('mature')
    expect(stateAfter(screened(0), { kind: 'matched' }, corroborated, { kind: 'confirmed', atMs: 3 })).toEqual({
      kind: 'memory',
      sinceMs: 3,
      screenedAgainst: 100,
      matches: 1,
    })
  })

  it('never acts before it is screened, and never comes back from retirement', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        let state: DetectorState = { kind: 'candidate' }
        let isScreened = false
        for (const event of events) {
          const next = nextDetectorState(state, event)
          isScreened ||= event.kind === 'screened'
          if (!isScreened) expect(['candidate', 'retired']).toContain(next.kind)
          if (state.kind === 'retired') expect(next).toEqual(state)
          state = next
        }
      }),
    )
  })
})
