import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { NumberSet } from '../../src/core/number-set.ts'

const number = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 31 - 1 }))

describe('NumberSet', () => {
  it('holds what a Set of the same capacity would hold', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (numbers, capacity) => {
        const set = new NumberSet(capacity)
        const model = new Set<number>()
        for (const one of numbers) {
          const isTaken = !model.has(one) && model.size < capacity
          expect(set.add(one)).toBe(isTaken)
          if (isTaken) model.add(one)
          expect(set.has(one)).toBe(model.has(one))
        }
        expect(set.size).toBe(model.size)
        expect(set.isFull).toBe(model.size === capacity)
        expect(set.values()).toEqual([...model].sort((a, b) => a - b))
        for (const one of numbers) expect(set.has(one + 1)).toBe(model.has(one + 1))
      }),
    )
  })

  it('takes nothing more once it is full, and still knows its members', () => {
    const set = new NumberSet(1_000)
    for (let index = 0; index < 5_000; index += 1) set.add(index * 64)
    expect([set.size, set.isFull, set.add(7), set.has(7)]).toEqual([1_000, true, false, false])
    expect(set.values()).toEqual(Array.from({ length: 1_000 }, (_, index) => index * 64))
  })
})
