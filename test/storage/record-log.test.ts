import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createManualClock } from '../../src/core/clock.ts'
import type { StateRecord } from '../../src/storage/record.ts'
import type { RecordChange } from '../../src/storage/record-log.ts'
import { maxAheadMs, recordText, signRecord } from '../../src/storage/record-text.ts'
import { draftWith, logWith, recordWith } from './records.ts'

describe('the record log', () => {
  it('gives back what was appended, with id, origin and time', () => {
    const log = logWith(createManualClock(5_000))
    const record = log.append(draftWith({ body: { rung: 'slowed' } }))
    expect(record).toMatchObject({ origin: 'node-a', clock: [5_000, 0], schema: 1, signature: null })
    expect(log.get('hold', 'client-1')).toEqual(record)
    expect(log.list('hold')).toEqual([record])
  })

  it('never gives the same id twice, even when the clock goes back', () => {
    const clock = createManualClock(5_000)
    const log = logWith(clock)
    const first = log.append(draftWith())
    clock.set(1_000)
    const second = log.append(draftWith())
    expect(second.clock).toEqual([5_000, 1])
    expect(second.id).not.toBe(first.id)
    expect(log.get('hold', 'client-1')?.id).toBe(second.id)
  })

  it('stops listing a record when its time is over', () => {
    const clock = createManualClock(5_000)
    const log = logWith(clock)
    log.append(draftWith({ expiresAtMs: 6_000 }))
    clock.set(6_000)
    expect(log.get('hold', 'client-1')).toBeUndefined()
    expect(log.list('hold')).toEqual([])
  })

  it('withdraws a record for good', () => {
    const log = logWith(createManualClock(5_000))
    const record = log.append(draftWith())
    expect(log.revoke(record.id, 'machine')).toBe(true)
    expect(log.get('hold', 'client-1')).toBeUndefined()
    expect(log.receive(recordText(record))).toBe('equal')
    expect(log.get('hold', 'client-1')).toBeUndefined()
    expect(log.revoke(record.id, 'machine')).toBe(true)
    expect(log.revoke('unknown', 'person')).toBe(false)
  })

  it("does not let a machine withdraw a person's word", () => {
    const log = logWith(createManualClock(5_000))
    const record = log.append(draftWith({ rank: 'person' }))
    expect(log.revoke(record.id, 'machine')).toBe(false)
    expect(log.get('hold', 'client-1')?.id).toBe(record.id)
    expect(log.revoke(record.id, 'person')).toBe(true)
    expect(log.get('hold', 'client-1')).toBeUndefined()
  })

  it('tells subscribers what came into force and what left', () => {
    const log = logWith(createManualClock(5_000))
    const seen: string[] = []
    const end = log.subscribe((change) => seen.push(nameOf(change)))
    const person = log.append(draftWith({ rank: 'person' }))
    const machine = log.append(draftWith())
    log.revoke(person.id, 'person')
    const foreign = recordWith({ id: 'node-b.1.0', origin: 'node-b', subject: 'other', clock: [5_000, 9] })
    log.receive(recordText(foreign))
    log.receive(recordText(foreign))
    end()
    log.revoke(machine.id, 'person')
    expect(seen).toEqual([
      `applied hold ${person.id} local`,
      `applied revocation ${log.list('revocation')[0]?.id} local`,
      `applied hold ${machine.id} local`,
      'applied hold node-b.1.0 peer',
    ])
  })

  it('survives a listener that throws and says so', () => {
    const faults: string[] = []
    const log = logWith(createManualClock(5_000), { onFault: (message) => faults.push(message) })
    log.subscribe(() => {
      throw new Error('broken')
    })
    log.append(draftWith())
    expect(faults).toHaveLength(1)
    expect(log.list('hold')).toHaveLength(1)
  })

  it('refuses to write a body that is too large, too deep or no JSON', () => {
    const log = logWith(createManualClock(5_000))
    let deep: Record<string, unknown> = {}
    for (let level = 0; level < 9; level += 1) deep = { deep }
    const bodies: Record<string, unknown>[] = [
      { text: 'x'.repeat(4_096) },
      deep,
      { big: 1n },
      JSON.parse('{"a":{"__proto__":1}}') as Record<string, unknown>,
    ]
    for (const body of bodies)
      expect(() => log.append(draftWith({ body }))).toThrow(expect.objectContaining({ code: 'THY_RECORD' }))
    expect(() => log.append(draftWith({ subject: '' }))).toThrow(expect.objectContaining({ code: 'THY_RECORD' }))
    expect(bodies).toHaveLength(4)
    expect(log.size()).toBe(0)
  })

  it('keeps bad records of others out and counts them', () => {
    const log = logWith(createManualClock(5_000), { secret: 'a-secret-of-the-fleet' })
    const good = recordWith({ clock: [5_000, 0] })
    const cases: [string, string][] = [
      [recordText(good), 'signature'],
      [recordText(signRecord(good, 'another-secret-here')), 'signature'],
      [recordText({ ...signRecord(good, 'a-secret-of-the-fleet'), subject: 'changed' }), 'signature'],
      ['x'.repeat(9_000), 'oversized'],
      [recordText({ ...good, body: { text: 'é'.repeat(2_100) } }), 'oversized'],
      ['{', 'malformed'],
      ['null', 'malformed'],
      ['{"schema":1}', 'malformed'],
      [recordText({ ...good, extra: 1 } as StateRecord), 'malformed'],
      [recordText(good).replace('"body":{}', '"body":{"__proto__":{"x":1}}'), 'malformed'],
      [recordText({ ...good, schema: 2 } as unknown as StateRecord), 'schema'],
      [recordText(signRecord({ ...good, clock: [5_001 + maxAheadMs, 0] }, 'a-secret-of-the-fleet')), 'future'],
    ]
    for (const [text, why] of cases) expect([text.slice(0, 90), log.receive(text)]).toEqual([text.slice(0, 90), why])
    expect(log.stats().refused).toEqual({ oversized: 2, malformed: 5, schema: 1, signature: 3, future: 1 })
    expect(cases).toHaveLength(12)
    expect(log.size()).toBe(0)
    expect(log.receive(recordText(signRecord(good, 'a-secret-of-the-fleet')))).toBe('applied')
  })

  it('survives any text from outside', () => {
    const log = logWith(createManualClock(5_000))
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((members) => JSON.stringify({ ...recordWith({}), ...members })),
      fc.tuple(fc.nat(260), fc.string({ maxLength: 4 })).map(([at, patch]) => {
        const text = recordText(recordWith({}))
        return text.slice(0, at) + patch + text.slice(at + 1)
      }),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        expect(typeof log.receive(text)).toBe('string')
      }),
      { numRuns: 500 },
    )
    expect(Object.getPrototypeOf({})).not.toHaveProperty('x')
  })

  it('agrees with another log after they exchanged everything', () => {
    const clock = createManualClock(5_000)
    const [left, right] = [logWith(clock), logWith(clock, { nodeId: 'node-b' })]
    left.append(draftWith())
    right.append(draftWith())
    right.append(draftWith({ kind: 'cell', subject: 'c' }))
    expect(left.digest()).not.toBe(right.digest())
    for (const { text } of left.stored()) right.receive(text)
    for (const { text } of right.stored()) left.receive(text)
    expect(left.digest()).toBe(right.digest())
    expect(left.get('hold', 'client-1')).toEqual(right.get('hold', 'client-1'))
  })
})

function nameOf({ kind, record, isLocal }: RecordChange): string {
  return `${kind} ${record.kind} ${record.id} ${isLocal ? 'local' : 'peer'}`
}
