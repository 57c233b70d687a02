import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteReader } from '../../src/adaptive/byte-reader.ts'
import { ByteWriter } from '../../src/adaptive/byte-writer.ts'
import { MarkedSet } from '../../src/adaptive/marked-set.ts'

const number = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 29 - 1 }))

describe('MarkedSet', () => {
  it('holds what a Set of the same capacity would hold', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (numbers, capacity) => {
        const set = new MarkedSet(capacity)
        const model = new Set<number>()
        for (const one of numbers) {
          const isTaken = !model.has(one) && model.size < capacity
          expect(set.add(one)).toBe(isTaken)
          if (isTaken) model.add(one)
          expect(set.has(one)).toBe(model.has(one))
        }
        expect(set.size).toBe(model.size)
        expect(set.isFull).toBe(model.size === capacity)
        for (const one of numbers.filter((one) => one < 2 ** 29 - 1)) expect(set.has(one + 1)).toBe(model.has(one + 1))
      }),
    )
  })

  it('takes nothing more once it is full, and still knows its members', () => {
    const set = new MarkedSet(1_000)
    for (let index = 0; index < 5_000; index += 1) set.add(index * 64)
    expect([set.size, set.isFull, set.add(7), set.has(7)]).toEqual([1_000, true, false, false])
    for (let index = 0; index < 5_000; index += 1) expect(set.has(index * 64)).toBe(index < 1_000)
  })

  it('counts what came once, and drops what nobody showed since it last forgot', () => {
    const set = new MarkedSet(10)
    for (const one of [3, 5, 8]) set.add(one)
    expect([set.repeat(5), set.repeat(5), set.repeat(99), set.onceCount]).toEqual([true, false, false, 2])
    expect(set.expire()).toBe(0)
    set.renew(5)
    expect([set.expire(), set.size, set.has(5), set.has(3), set.onceCount]).toEqual([2, 1, true, false, 0])
  })

  it('is the same after it was written and read, marks included', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(number, { maxLength: 60 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (all, marks) => {
          const set = new MarkedSet(60)
          for (const [index, one] of all.entries()) if (set.add(one) && marks[index] === true) set.repeat(one)
          const writer = new ByteWriter()
          set.write(writer)
          const copy = new MarkedSet(60)
          copy.read(new ByteReader(writer.finish()))
          expect([copy.size, copy.onceCount]).toEqual([set.size, set.onceCount])
          for (const one of all) expect(copy.has(one)).toBe(true)
        },
      ),
    )
  })
})
