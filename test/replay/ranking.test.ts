import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mean, median, share, wilsonInterval } from '../../src/replay/proportion.ts'
import { areaUnderCurve, countAbove, thresholdAt } from '../../src/replay/ranking.ts'

/** Few distinct values, so that ties are the rule. */
const scores = fc.array(fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
  minLength: 1,
  maxLength: 60,
})

describe('areaUnderCurve', () => {
  it('is the share of pairs that are in the right order, ties half', () => {
    fc.assert(
      fc.property(scores, scores, (benign, attack) => {
        let wins = 0
        for (const high of attack) for (const low of benign) wins += high > low ? 1 : high === low ? 0.5 : 0
        expect(areaUnderCurve(benign, attack)).toBeCloseTo(wins / (benign.length * attack.length), 12)
      }),
    )
  })

  it('is a half when nothing is told apart, and unknown without one of the classes', () => {
    expect(areaUnderCurve([0, 0], [0])).toBe(0.5)
    expect(areaUnderCurve([], [1])).toBeNull()
    expect(areaUnderCurve([1], [])).toBeNull()
  })
})

describe('thresholdAt', () => {
  const fpr = fc.constantFrom(0, 0.0001, 0.001, 0.01, 0.1, 0.29, 0.5, 1)

  it('lets through at most the allowed share, and no lower threshold among the scores would', () => {
    fc.assert(
      fc.property(scores, fpr, (benign, maxFpr) => {
        const threshold = thresholdAt(benign, maxFpr)
        const allowed = maxFpr * benign.length + 1e-9
        expect(countAbove(benign, threshold)).toBeLessThanOrEqual(allowed)
        const lower = benign.filter((score) => score < threshold)
        for (const candidate of lower) {
          if (countAbove(benign, candidate) > countAbove(benign, threshold)) {
            expect(countAbove(benign, candidate)).toBeGreaterThan(allowed)
          }
        }
      }),
    )
  })

  it('gives the best true positive rate that any threshold gives', () => {
    fc.assert(
      fc.property(scores, scores, fpr, (benign, attack, maxFpr) => {
        const allowed = maxFpr * benign.length + 1e-9
        const candidates = [Number.NEGATIVE_INFINITY, ...benign, ...attack]
        const best = Math.max(
          ...candidates.filter((at) => countAbove(benign, at) <= allowed).map((at) => countAbove(attack, at)),
        )
        expect(countAbove(attack, thresholdAt(benign, maxFpr))).toBe(best)
      }),
    )
  })

  it('never splits equal scores', () => {
    const benign = [...Array.from({ length: 98 }, () => 0), 0.9, 0.9]
    expect(countAbove([0.9, 0.9, 0.95], thresholdAt(benign, 0.01))).toBe(1)
    expect(countAbove([0.9, 0.9, 0.95], thresholdAt(benign, 0.02))).toBe(3)
  })

  it('is not led astray by fractions that binary numbers cannot hold', () => {
    const benign = Array.from({ length: 2_900 }, (_item, index) => index)
    expect(countAbove(benign, thresholdAt(benign, 0.01))).toBe(29)
  })
})

describe('wilsonInterval', () => {
  it('agrees with published figures', () => {
    const [low, high] = wilsonInterval(81, 263) ?? [] // R. G. Newcombe 1998, table I
    expect(low).toBeCloseTo(0.2553, 3)
    expect(high).toBeCloseTo(0.3662, 3)
    expect(wilsonInterval(0, 20)?.[1]).toBeCloseTo(0.1611, 3)
    expect(wilsonInterval(0, 0)).toBeNull()
  })

  it('holds the share, stays within 0 and 1, and narrows with more samples', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }), (part, total) => {
        const hits = Math.min(part, total)
        const [low = -1, high = 2] = wilsonInterval(hits, total) ?? []
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(hits / total)
        expect(high).toBeGreaterThanOrEqual(hits / total)
        const [wideLow = 0, wideHigh = 0] = wilsonInterval(hits * 10, total * 10) ?? []
        expect(wideHigh - wideLow).toBeLessThan(high - low)
      }),
    )
  })
})

describe('averages', () => {
  it('are null without values', () => {
    expect([share(0, 0), median([]), mean([])]).toEqual([null, null, null])
    expect([share(1, 4), median([3, 1, 2]), median([1, 2]), mean([1, 2])]).toEqual([0.25, 2, 1.5, 1.5])
  })
})
