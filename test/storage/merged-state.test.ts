import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMergedState, type MergedState } from '../../src/storage/merged-state.ts'
import { type RecordKind, recordKinds, type StateRecord } from '../../src/storage/record.ts'
import { defaultCaps, type RecordCaps, tombstoneMs } from '../../src/storage/record-order.ts'
import { recordWith } from './records.ts'

const nowMs = 1_000_000_000
const smallCaps = Object.fromEntries(recordKinds.map((kind) => [kind, 3])) as Record<RecordKind, number>

/** Few subjects, nodes and times, so that records meet. */
const anyFact = fc
  .record({
    kind: fc.constantFrom<RecordKind>('cell', 'hold', 'tolerance'),
    subject: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    rank: fc.constantFrom('machine' as const, 'person' as const),
    origin: fc.constantFrom('n1', 'n2', 'n3'),
    clock: fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })),
    expiresAtMs: fc.constantFrom(null, nowMs - 2 * tombstoneMs, nowMs - 1, nowMs, nowMs + 1),
    mark: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ mark, ...members }) =>
    recordWith({
      ...members,
      id: `${members.origin}.${members.kind}.${members.clock.join('.')}.${members.expiresAtMs}`,
      body: { mark },
    }),
  )

/** Facts and revocations of some of them, made as the log makes them. */
const anyRecords = fc
  .array(fc.tuple(anyFact, fc.constantFrom('none', 'machine', 'person')), { maxLength: 25 })
  .map((pairs) =>
    pairs.flatMap(([fact, rank], index): StateRecord[] => {
      if (rank !== 'machine' && rank !== 'person') return [fact]
      const id = `n4.r${index}`
      const { expiresAtMs } = fact
      const clock: [number, number] = [index, 0]
      return [fact, recordWith({ id, kind: 'revocation', subject: fact.id, rank, origin: 'n4', clock, expiresAtMs })]
    }),
  )

const anyShuffled = anyRecords.chain((records) =>
  fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
)

function stateOf(records: readonly StateRecord[], caps: RecordCaps = defaultCaps): MergedState {
  const state = createMergedState(caps)
  for (const record of records) state.merge(record, nowMs)
  return state
}

function visible(state: MergedState): unknown {
  return recordKinds.map((kind) =>
    state
      .list(kind, nowMs)
      .map((record) => JSON.stringify(record))
      .sort(),
  )
}

function held(state: MergedState): string[] {
  return state
    .records()
    .map((record) => JSON.stringify(record))
    .sort()
}

describe('the merged state', () => {
  it('is the same in any order', () => {
    fc.assert(
      fc.property(anyShuffled, ([records, shuffled]) => {
        expect(held(stateOf(shuffled))).toEqual(held(stateOf(records)))
        expect(visible(stateOf(shuffled))).toEqual(visible(stateOf(records)))
      }),
    )
  })

  it('is the same in any order when caps cut it', () => {
    const caps = { ...smallCaps, revocation: 1_000 }
    fc.assert(
      fc.property(anyShuffled, ([records, shuffled]) => {
        expect(held(stateOf(shuffled, caps))).toEqual(held(stateOf(records, caps)))
      }),
    )
  })

  it('is the same however merges are grouped, and however often they are repeated', () => {
    fc.assert(
      fc.property(anyRecords, anyRecords, anyRecords, (a, b, c) => {
        const ab = stateOf([...a, ...b]).records()
        const bc = stateOf([...b, ...c]).records()
        const left = stateOf([...ab, ...c])
        const right = stateOf([...a, ...bc])
        expect(held(left)).toEqual(held(right))
        expect(held(stateOf([...left.records(), ...right.records(), ...a]))).toEqual(held(left))
      }),
    )
  })

  it('has equal digests exactly when the states are equal', () => {
    fc.assert(
      fc.property(anyRecords, anyRecords, (a, b) => {
        const [left, right] = [stateOf(a), stateOf(b)]
        const isSame = JSON.stringify(held(left)) === JSON.stringify(held(right))
        expect(left.digest() === right.digest()).toBe(isSame)
      }),
    )
    fc.assert(
      fc.property(anyShuffled, ([records, shuffled]) => {
        expect(stateOf(shuffled).digest()).toBe(stateOf(records).digest())
      }),
    )
  })

  it('never lists what was revoked with sufficient rank', () => {
    fc.assert(
      fc.property(anyShuffled, ([, records]) => {
        const state = stateOf(records)
        for (const fact of records) {
          const word = records.some(
            (other) =>
              other.kind === 'revocation' &&
              other.subject === fact.id &&
              (other.rank === 'person' || fact.rank === 'machine') &&
              (other.expiresAtMs ?? nowMs) + tombstoneMs > nowMs,
          )
          if (fact.kind !== 'revocation' && word) {
            expect(
              state.list(fact.kind, nowMs).some((record) => record.id === fact.id && record.rank === fact.rank),
            ).toBe(false)
          }
        }
      }),
    )
  })

  it('never lists what has expired', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const state = stateOf(records)
        for (const kind of recordKinds) {
          for (const record of state.list(kind, nowMs)) expect(record.expiresAtMs ?? nowMs + 1).toBeGreaterThan(nowMs)
        }
      }),
    )
  })

  it("lets a living person's word stand before any machine's", () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const state = stateOf(records)
        const isAlive = (record: StateRecord): boolean =>
          (record.expiresAtMs ?? nowMs + 1) > nowMs && !state.isRevoked(record)
        for (const record of state.records()) {
          if (record.kind === 'revocation' || record.rank !== 'person' || !isAlive(record)) continue
          expect(state.get(record.kind, record.subject, nowMs)?.rank).toBe('person')
        }
      }),
    )
  })

  it('holds no more than the cap of each kind and lets the oldest of the machines leave first', () => {
    const state = createMergedState(smallCaps)
    const person = recordWith({ id: 'p', subject: 'p', rank: 'person', clock: [0, 0] })
    state.merge(person, nowMs)
    for (let index = 1; index <= 5; index += 1) {
      state.merge(recordWith({ id: `m${index}`, subject: `m${index}`, clock: [index, 0] }), nowMs)
    }
    expect(
      state
        .list('hold', nowMs)
        .map((record) => record.id)
        .sort(),
    ).toEqual(['m4', 'm5', 'p'])
    expect(state.merge(recordWith({ id: 'm0', subject: 'm0', clock: [0, 0] }), nowMs).outcome).toBe('crowded')
  })

  it('does not let an older machine record return when the word over it ends, but takes newer ones', () => {
    const state = stateOf([
      recordWith({ id: 'm1', clock: [1, 0] }),
      recordWith({ id: 'p1', rank: 'person', clock: [2, 0], expiresAtMs: nowMs }),
    ])
    expect(state.get('hold', 'client-1', nowMs)).toBeUndefined()
    state.merge(recordWith({ id: 'm2', clock: [3, 0] }), nowMs)
    expect(state.get('hold', 'client-1', nowMs)?.id).toBe('m2')
  })

  it('sweeps what ended long ago, and a revocation together with its target', () => {
    const endMs = nowMs + 5
    const state = stateOf([
      recordWith({ id: 't', expiresAtMs: endMs }),
      recordWith({ id: 'r', kind: 'revocation', subject: 't', expiresAtMs: endMs }),
      recordWith({ id: 'x', subject: 'x', expiresAtMs: endMs + 1 }),
    ])
    expect(state.sweep(endMs + tombstoneMs - 1)).toEqual([])
    expect(state.sweep(endMs + tombstoneMs).sort()).toEqual(['hold:machine:client-1', 'revocation:machine:t'])
    expect(state.size()).toBe(1)
  })
})
