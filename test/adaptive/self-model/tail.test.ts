import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fitTail, surpriseAt } from '../../../src/adaptive/self-model/tail.ts'
import { createRandom } from '../../../src/core/random.ts'

const exponential = (count: number, seed: number): Float32Array => {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => -Math.log(1 - random()))
}

describe('the surprise of a residual', () => {
  it('never falls when the residual grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 100, noNaN: true }), { minLength: 20, maxLength: 300 }),
        fc.float({ min: 0, max: 1_000, noNaN: true }),
        fc.float({ min: 0, max: 1_000, noNaN: true }),
        (residuals, one, other) => {
          const tail = fitTail(Float32Array.from(residuals))
          const [low, high] = [Math.min(one, other), Math.max(one, other)]
          expect(surpriseAt(tail, low)).toBeLessThanOrEqual(surpriseAt(tail, high) + 1e-6)
          expect(surpriseAt(tail, low)).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(surpriseAt(tail, high))).toBe(true)
        },
      ),
    )
  })

  it.each([
    [0.1, 0.06, 0.15],
    [0.01, 0.004, 0.025],
    [0.001, 0.0001, 0.006],
  ])('means the share of traffic that is as odd: %f', (share, least, most) => {
    const tail = fitTail(exponential(1_000, 3))
    const others = exponential(50_000, 4)
    const limit = -Math.log(share)
    const exceeding = others.filter((residual) => surpriseAt(tail, residual) >= limit).length / others.length
    expect(exceeding).toBeGreaterThan(least)
    expect(exceeding).toBeLessThan(most)
  })

  it('is smaller on thin data for the same residual far out', () => {
    const thin = fitTail(exponential(40, 5))
    const rich = fitTail(exponential(4_000, 5))
    expect(surpriseAt(thin, 20)).toBeLessThan(surpriseAt(rich, 20))
  })

  it('is refused on a handful of residuals', () => {
    expect(() => fitTail(exponential(19, 1))).toThrow('too few')
  })

  it('stands residuals that are all alike', () => {
    const tail = fitTail(new Float32Array(100).fill(1))
    expect(surpriseAt(tail, 1)).toBeLessThan(surpriseAt(tail, 2))
    expect(surpriseAt(tail, 0.5)).toBe(0)
  })
})
