import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createManualClock } from '../../src/core/clock.ts'
import { createRecordLog } from '../../src/storage/create-record-log.ts'
import { recordText } from '../../src/storage/record-text.ts'
import { recordWith } from '../storage/records.ts'
import { attackWith, createMemoryUnderTest, createSelf, type MemoryUnderTest } from './memory-fixture.ts'
import { ordinary, payloads } from './payloads.ts'

const attack = "1' union select name, secret from accounts -- "
const minuteMs = 60_000
const dayMs = 86_400_000

/** Everything that one node's log holds, told to another. */
function tell(from: MemoryUnderTest, to: MemoryUnderTest): void {
  for (const { text } of from.log.stored()) to.log.receive(text)
}

/** Letters of both kinds, digits, blanks, special and foreign characters. */
const anyValue = fc
  .array(fc.constantFrom(...`aAbBzZ09  '"<>()/;=|&\${}-._é漢\u0000\n`), { maxLength: 60 })
  .map((characters) => characters.join(''))

describe('memory', () => {
  it('recalls the attack that it was shown, and says where it is from', () => {
    const { memory, recall, events } = createMemoryUnderTest()
    const cell = memory.remember(attackWith(attack))
    const [finding] = recall('17', attack)
    expect(finding).toEqual({
      layer: 'memory',
      source: cell?.id,
      field: { service: 'api', method: 'GET', route: '/search', location: 'query', name: 'q' },
      score: 1,
      reason: '100 % of a remembered attack is in this value: sqli, confirmed at node-a on 2027-01-15.',
    })
    expect(events).toEqual([
      {
        kind: 'cell',
        cellId: cell?.id,
        change: 'born',
        reason: 'sqli: remembered by 7 anchors and 7 phrases, from ref-1.',
      },
    ])
  })

  it('recalls every value that it made a cell of, and never a plain word', () => {
    fc.assert(
      fc.property(anyValue, fc.array(anyValue, { maxLength: 5 }), (value, selfValues) => {
        const { memory, recall } = createMemoryUnderTest({ self: createSelf(...selfValues) })
        if (memory.remember(attackWith(value)) !== undefined) expect(recall(value)).toHaveLength(1)
        expect(recall(value.replace(/[^a-z0-9 ]/gi, ''))).toEqual([])
      }),
    )
  })

  it('never recalls a value all of whose grams are self, even before it was screened again', () => {
    fc.assert(
      fc.property(anyValue, fc.array(anyValue, { minLength: 1, maxLength: 5 }), fc.boolean(), (value, selves, late) => {
        const self = late ? createSelf() : createSelf(...selves)
        const { memory, recall } = createMemoryUnderTest({ self })
        memory.remember(attackWith(value))
        if (late) self.learn(...selves)
        expect(recall(...selves)).toEqual([])
      }),
    )
  })

  it('finds the variants of its attacks: other case, other digits, padding, blanks', () => {
    const shares: Record<string, number> = {}
    const variants: Record<string, (value: string) => string> = {
      same: (value) => value,
      case: (value) => value.toUpperCase(),
      digits: (value) => value.replace(/\d/g, '83'),
      padding: (value) => 'lorem 123 ipsum '.repeat(19) + value,
      both: (value) => `${'x'.repeat(300)}${value}${'y'.repeat(2_000)}`,
      blanks: (value) => value.replace(/ /g, '\t  '),
    }
    for (const [name, change] of Object.entries(variants)) {
      const found = payloads.filter(({ value }) => {
        const { memory, recall } = createMemoryUnderTest({ self: createSelf(...ordinary) })
        memory.remember(attackWith(value))
        return recall(change(value)).length > 0
      })
      shares[name] = found.length
    }
    expect(payloads).toHaveLength(20)
    // `both` puts letters directly at the payload; in long texts 85 % of a cell must be there.
    expect(shares).toEqual({ same: 20, case: 20, digits: 20, padding: 20, both: shares['both'], blanks: 20 })
    expect(shares['both']).toBeGreaterThanOrEqual(15)
  })

  it('calls no ordinary value to mind when it holds all attacks of the list', () => {
    const { memory, recall } = createMemoryUnderTest({ self: createSelf(...ordinary.slice(0, 6)) })
    for (const { value, family } of payloads) memory.remember(attackWith(value, family))
    expect(memory.cells().length).toBeGreaterThanOrEqual(18)
    expect(recall(...ordinary)).toEqual([])
  })

  it('makes no cell of what is plain, short or normal here', () => {
    const { memory, self } = createMemoryUnderTest()
    for (const value of ['', "'", ';id', 'drop table users', '12345', 'é'.repeat(50)]) {
      expect([value, memory.remember(attackWith(value))]).toEqual([value, undefined])
    }
    self.learn(attack)
    expect(memory.remember(attackWith(attack))).toBeUndefined()
    expect(memory.cells()).toEqual([])
  })

  it('makes no second cell of what one covers, but lets that live longer', () => {
    const { memory, clock, log } = createMemoryUnderTest()
    const cell = memory.remember(attackWith(attack))
    clock.advance(2 * minuteMs)
    expect(memory.remember(attackWith(attack.toUpperCase()))).toBeUndefined()
    expect(memory.cells()).toHaveLength(1)
    expect(memory.cells()[0]?.expiresAtMs).toBe((cell?.expiresAtMs ?? 0) + 2 * minuteMs)
    expect(log.list('cell')).toHaveLength(1)
  })

  it('writes the hits of a cell at most once a minute', () => {
    const { memory, clock, log, recall } = createMemoryUnderTest()
    memory.remember(attackWith(attack))
    let writes = 0
    log.subscribe(() => {
      writes += 1
    })
    for (let index = 0; index < 500; index += 1) recall(attack)
    expect([writes, memory.cells()[0]?.hits]).toEqual([0, 500])
    clock.advance(minuteMs)
    for (let index = 0; index < 500; index += 1) recall(attack)
    expect([writes, memory.cells()[0]?.hits]).toEqual([1, 1_000])
  })

  it('lets a cell go that was not met within its lifetime', () => {
    const { memory, clock, recall, events } = createMemoryUnderTest()
    memory.remember(attackWith(attack))
    clock.advance(29 * dayMs)
    expect(recall(attack)).toHaveLength(1)
    clock.advance(29 * dayMs)
    expect(recall(attack)).toHaveLength(1)
    clock.advance(30 * dayMs)
    expect(recall(attack)).toEqual([])
    expect(memory.screen()).toBe(1)
    expect(events.at(-1)).toMatchObject({ change: 'retired', reason: 'sqli: not met again within its lifetime.' })
  })

  it('retires a cell that became normal, and tells the fleet', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock })
    a.memory.remember(attackWith(attack))
    tell(a, b)
    a.self.learn(attack)
    expect([a.memory.screen(), a.memory.screen()]).toEqual([1, 0])
    expect(a.events.at(-1)).toMatchObject({ change: 'retired', reason: 'sqli: much of it is normal here by now.' })
    tell(a, b)
    expect(b.recall(attack)).toEqual([])
    expect(b.events.at(-1)).toMatchObject({ change: 'retired' })
  })

  it('sets aside the cell of a peer that is normal only here', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock, self: createSelf(attack) })
    a.memory.remember(attackWith(attack))
    tell(a, b)
    b.memory.screen()
    tell(b, a)
    expect(b.memory.cells()).toEqual([])
    expect(a.recall(attack)).toHaveLength(1)
  })

  it('learns the cells of peers as they come, and after a restart', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock })
    const cell = a.memory.remember(attackWith(attack))
    tell(a, b)
    expect(b.recall(attack).map((finding) => finding.source)).toEqual([cell?.id])
    expect(b.events).toEqual([
      { kind: 'cell', cellId: cell?.id, change: 'learned', reason: 'sqli: learned from node-a.' },
    ])
    const again = createMemoryUnderTest({ log: b.log, clock: a.clock })
    expect(again.memory.cells()).toEqual(a.memory.cells())
    expect(again.recall(attack)).toHaveLength(1)
  })

  it('makes the same cell on two nodes that met the same attack', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock })
    const ids = [a, b].map((node) => node.memory.remember(attackWith(attack))?.id)
    tell(a, b)
    expect(new Set(ids).size).toBe(1)
    expect(b.memory.cells()).toHaveLength(1)
  })

  it('forgets at the word of a person, everywhere, and does not make the cell again', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock })
    const id = a.memory.remember(attackWith(attack))?.id ?? ''
    tell(a, b)
    expect(b.memory.forget(id, 'anna')).toBe(true)
    expect(b.memory.forget(id, 'anna')).toBe(false)
    expect(b.memory.forget('cell-unknown', 'anna')).toBe(false)
    expect(b.memory.remember(attackWith(attack))).toBeUndefined()
    expect(b.recall(attack)).toEqual([])
    a.clock.advance(2 * minuteMs)
    a.recall(attack)
    tell(b, a)
    tell(a, b)
    expect([...a.recall(attack), ...b.recall(attack)]).toEqual([])
    expect(a.memory.remember(attackWith(attack))).toBeUndefined()
    a.clock.advance(31 * dayMs)
    expect(a.memory.remember(attackWith(attack))?.id).toBe(id)
  })

  it('holds no more cells than it may, and lets the least useful go', () => {
    const { memory, recall, clock } = createMemoryUnderTest({ maxCells: 5 })
    const values = payloads.map(({ value }) => value)
    const first = memory.remember(attackWith(values[0] ?? ''))
    for (let index = 0; index < 10; index += 1) recall(values[0] ?? '')
    clock.advance(minuteMs)
    recall(values[0] ?? '')
    for (const value of values.slice(1)) {
      clock.advance(1_000)
      memory.remember(attackWith(value))
      expect(memory.cells().length).toBeLessThanOrEqual(5)
    }
    expect(memory.cells()).toHaveLength(5)
    expect(memory.cells().some((cell) => cell.id === first?.id)).toBe(true)
  })

  it('keeps its cap whatever peers send', () => {
    const a = createMemoryUnderTest()
    const b = createMemoryUnderTest({ origin: 'node-b', clock: a.clock, maxCells: 3 })
    for (const { value } of payloads) a.memory.remember(attackWith(value))
    tell(a, b)
    expect(b.memory.cells()).toHaveLength(3)
    expect(createMemoryUnderTest({ log: b.log, clock: a.clock, maxCells: 2 }).memory.cells()).toHaveLength(2)
  })

  it('takes in the cells of older nodes, which know no skeleton and no descent', () => {
    const { memory, log, recall, clock } = createMemoryUnderTest()
    const cell = memory.remember(attackWith(attack))
    const { phrases, phraseAffinity, parent, generation, falsePositives, ...old } = log.list('cell')[0]?.body ?? {}
    const { log: other } = createMemoryUnderTest({ origin: 'node-b', clock })
    const record = recordWith({ id: 'z.1', kind: 'cell', subject: cell?.id ?? '', origin: 'z', clock: [1, 0] })
    other.receive(recordText({ ...record, body: old }))
    const b = createMemoryUnderTest({ origin: 'node-b', clock, log: other })
    expect(b.memory.cells()[0]).toMatchObject({ phrases: [], parent: null, generation: 0, falsePositives: 0 })
    expect([...b.recall(attack), ...recall(attack)]).toHaveLength(2)
    expect([phrases, phraseAffinity, parent, generation, falsePositives]).not.toContain(undefined)
    b.log.receive(log.stored()[0]?.text ?? '')
    expect(b.memory.cells()).toHaveLength(1)
  })

  it('recalls the skeleton of an attack in other words, behind harmless text too', () => {
    const { memory, recall } = createMemoryUnderTest({ self: createSelf(...ordinary) })
    memory.remember(attackWith(attack))
    const variants = ['27" UNION/**/SELECT a , b FROM staff #', "x' union  select 'q', 'r' from members"]
    for (const variant of variants) {
      expect([variant, recall(variant).length]).toEqual([variant, 1])
      expect(recall(`${'lorem ipsum dolor '.repeat(17)}${variant}`)).toHaveLength(1)
    }
    expect(recall(`${'lorem ipsum dolor '.repeat(500)}${attack}`)).toHaveLength(1)
  })

  it('survives any body in a record of kind cell', () => {
    const clock = createManualClock(1_800_000_000_000)
    const log = createRecordLog({ nodeId: 'node-a', clock })
    const { memory, recall } = createMemoryUnderTest({ log, clock })
    const good = { family: 'f', anchors: [1, 2, 3], minAffinity: 0.6, location: 'query', origin: 'n', bornAtMs: 0 }
    const whole = { ...good, bornFrom: 'r', confirmedBy: [], screenedAgainst: 0, hits: 0 }
    const anyBody = fc.oneof(
      fc.object(),
      fc.object().map((members) => ({ ...whole, ...members })),
    )
    let time = 0
    fc.assert(
      fc.property(anyBody, (body) => {
        time += 1
        const record = recordWith({ id: `z.${time}`, kind: 'cell', subject: 'cell-z', origin: 'z', clock: [time, 0] })
        log.receive(recordText({ ...record, body: JSON.parse(JSON.stringify(body)) as Record<string, unknown> }))
        recall(attack)
        for (const cell of memory.cells()) expect(cell.anchors.length).toBeGreaterThanOrEqual(3)
      }),
    )
    expect(memory.cells().length).toBeLessThanOrEqual(1)
  })
})
