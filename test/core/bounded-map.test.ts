import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BoundedMap } from '../../src/core/bounded-map.ts'

describe('BoundedMap', () => {
  it('drops the oldest entry that was not used of late', () => {
    const map = new BoundedMap<string, number>(3)
    for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index)
    map.get('a')
    map.set('d', 3)
    expect([...map.entries()].map(([key]) => key).sort()).toEqual(['a', 'c', 'd'])
    expect(map.dropped).toBe(1)
  })

  it('tells about every entry that it drops', () => {
    const dropped: string[] = []
    const map = new BoundedMap<string, number>(2, (key) => dropped.push(key))
    for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1)
    expect(dropped).toEqual(['a', 'b'])
  })

  it('never exceeds its capacity, loses nothing uncounted and answers like a map', () => {
    const act = fc.record({ kind: fc.constantFrom('set', 'get', 'delete', 'peek'), key: fc.nat(20), value: fc.nat() })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(act, { maxLength: 200 }), (capacity, acts) => {
        const model = new Map<number, number>()
        const map = new BoundedMap<number, number>(capacity, (key) => model.delete(key))
        for (const { kind, key, value } of acts) {
          if (kind === 'set') {
            map.set(key, value)
            model.set(key, value)
          } else if (kind === 'delete') expect(map.delete(key)).toBe(model.delete(key))
          else expect(kind === 'get' ? map.get(key) : map.peek(key)).toBe(model.get(key))
          expect(map.size).toBeLessThanOrEqual(capacity)
        }
        expect(new Map(map.entries())).toEqual(model)
      }),
    )
  })

  it('drops something even when everything was used', () => {
    const map = new BoundedMap<number, number>(100)
    for (let key = 0; key < 100; key += 1) map.set(key, key)
    for (let key = 0; key < 100; key += 1) map.get(key)
    map.set(100, 100)
    expect(map.size).toBe(100)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %s', (capacity) => {
    expect(() => new BoundedMap(capacity)).toThrow(`capacity is ${capacity}, expected a whole number of at least 1`)
  })
})
