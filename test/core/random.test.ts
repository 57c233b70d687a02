import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../src/core/random.ts'

describe('createRandom', () => {
  it('gives the same numbers for the same seed, all in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [first, second] = [createRandom(seed), createRandom(seed)]
        for (let count = 0; count < 20; count += 1) {
          const value = first()
          expect(second()).toBe(value)
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThan(1)
        }
      }),
    )
  })

  it('spreads evenly enough over ten bins', () => {
    const random = createRandom(7)
    const bins = new Array<number>(10).fill(0)
    for (let count = 0; count < 10_000; count += 1) {
      const bin = Math.floor(random() * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    for (const count of bins) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })
})
