import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDistinct, countDistinct, createDistinct, hasDistinct } from '../../src/behaviour/distinct.ts'
import { hashText } from '../../src/core/hash.ts'

describe('distinct counter', () => {
  it('is exact up to sixteen things, whatever the order and repetition', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 200 }), (things) => {
        const distinct = createDistinct()
        for (const thing of things) addDistinct(distinct, thing)
        expect(countDistinct(distinct)).toBe(new Set(things).size)
      }),
    )
  })

  it('estimates hundreds within a twentieth', () => {
    const sizes = [20, 50, 100, 300, 1_000]
    for (const size of sizes) {
      const distinct = createDistinct()
      for (let round = 0; round < 2; round += 1)
        for (let thing = 0; thing < size; thing += 1) addDistinct(distinct, hashText(`/orders/${thing}`))
      expect(Math.abs(countDistinct(distinct) - size)).toBeLessThanOrEqual(Math.max(1, size * 0.05))
    }
    expect(sizes).toHaveLength(5)
  })

  it('stays finite and small when it is flooded', () => {
    const distinct = createDistinct()
    for (let thing = 0; thing < 100_000; thing += 1) addDistinct(distinct, thing)
    expect(Number.isFinite(countDistinct(distinct))).toBe(true)
    expect(distinct.bits?.byteLength).toBe(256)
  })

  it('never denies what it has seen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 100 }), (things) => {
        const distinct = createDistinct()
        for (const thing of things) addDistinct(distinct, thing)
        expect(things.every((thing) => hasDistinct(distinct, thing))).toBe(true)
      }),
    )
  })
})
