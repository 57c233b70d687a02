import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ServiceTail, scoreOfRate } from '../../src/adaptive/calibration.ts'
import { loadScoreModel, type ScoreModel } from '../../src/adaptive/score-model.ts'
import { createRandom } from '../../src/core/random.ts'
import { createScene, ordinary, strange } from './fixture.ts'

const shipped = loadScoreModel()
/** A belief of its own, so that the shipped figures may change. */
const model: ScoreModel = {
  weights: { ...shipped.weights, bias: -8, surprise: 0 },
  tail: { threshold: -2.5, above: 0.5, below: 10, shape: 6, scale: 12 },
}
const { threshold } = model.tail
const logOdds = fc.double({ min: -20, max: 40, noNaN: true })

function fed(count: number, logOddsAt: (index: number) => number): ServiceTail {
  const tail = new ServiceTail(model)
  for (let index = 0; index < count; index += 1) tail.observe(logOddsAt(index))
  return tail
}

describe('ServiceTail', () => {
  it('gives rates from 0 to 1 that never rise with the log-odds, whatever it has seen', () => {
    fc.assert(
      fc.property(fc.array(logOdds, { maxLength: 200 }), logOdds, logOdds, (seen, a, b) => {
        const tail = fed(seen.length, (index) => seen[index] ?? 0)
        const [lower, higher] = [tail.rateOf(Math.min(a, b)), tail.rateOf(Math.max(a, b))]
        expect(higher).toBeLessThanOrEqual(lower)
        expect(higher).toBeGreaterThanOrEqual(0)
        expect(lower).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is the shipped belief before a service has shown anything', () => {
    const { above, below, shape, scale } = model.tail
    const share = above / (above + below)
    expect(new ServiceTail(model).rateOf(threshold)).toBeCloseTo(share)
    expect(new ServiceTail(model).rateOf(threshold + 5)).toBeCloseTo(share * (scale / (scale + 5)) ** shape)
    expect(new ServiceTail(model).rateOf(-8)).toBe(1)
  })

  it('is only widened by the first thousand requests, whatever they are, and never below the belief', () => {
    fc.assert(
      fc.property(fc.array(logOdds, { minLength: 1, maxLength: 300 }), logOdds, (seen, at) => {
        const before = new ServiceTail(model).rateOf(at)
        expect(fed(seen.length, (index) => seen[index] ?? 0).rateOf(at)).toBeGreaterThanOrEqual(before)
      }),
    )
    const quiet = [10, 100, 400, 40_000].map((count) => fed(count, () => -8).rateOf(threshold + 5))
    const belief = new ServiceTail(model).rateOf(threshold + 5)
    expect(quiet.slice(0, 3)).toEqual([belief, belief, belief])
    expect(quiet[3]).toBeLessThan(belief / 10)
  })

  it('is widened by a service whose ordinary requests look foreign', () => {
    const noisy = fed(200, (index) => (index % 2 === 0 ? threshold + 6 : -8))
    expect(noisy.rateOf(threshold + 6)).toBeGreaterThan(20 * new ServiceTail(model).rateOf(threshold + 6))
  })

  it.each([
    ['exponential', (u: number) => -Math.log(u), { mostBroken: 4, mostCautious: 50 }],
    ['lighter', (u: number) => 2 * Math.sqrt(-Math.log(u)), { mostBroken: 2, mostCautious: Number.POSITIVE_INFINITY }],
    ['heavier', (u: number) => 4 * (u ** -0.15 - 1), { mostBroken: 4, mostCautious: 50 }],
  ])('holds what it states for %s tails of ordinary requests', (_title, excessOf, { mostBroken, mostCautious }) => {
    const random = createRandom(7)
    const draw = (): number => {
      const isAbove = random() < 0.05
      return isAbove ? threshold + excessOf(Math.max(1e-12, random())) : -8
    }
    const tail = fed(30_000, draw)
    let ran = 0
    for (const stated of [0.01, 0.003, 0.001]) {
      let at = threshold - 5
      while (tail.rateOf(at) > stated) at += 0.01
      let alarms = 0
      const tries = 200_000
      for (let index = 0; index < tries; index += 1) if (draw() >= at) alarms += 1
      expect(alarms / tries).toBeLessThan(stated * mostBroken)
      expect(alarms / tries).toBeGreaterThanOrEqual(stated / mostCautious)
      ran += 1
    }
    expect(ran).toBe(3)
  })

  it('is moved by fewer sources than it believes no further than by what all others show', () => {
    const sourceAt = (index: number): number => Math.floor(index / 50) % 25
    const shown = (attackers: number): ServiceTail => {
      const tail = new ServiceTail(model, 4)
      for (let index = 0; index < 4_000; index += 1)
        tail.observe(index % 50 === 0 ? threshold + 1 : -8, sourceAt(index))
      for (let index = 0; index < 400; index += 1) if (attackers > 0) tail.observe(20, 30 + (index % attackers))
      return tail
    }
    const at = threshold + 8
    expect(shown(3).rateOf(at)).toBeLessThan(shown(0).rateOf(at) * 3)
    expect(shown(12).rateOf(at)).toBeGreaterThan(shown(0).rateOf(at) * 30)
  })

  it('comes back from plain data as it was', () => {
    const tail = fed(3_000, (index) => (index % 20) - 8)
    for (let index = 0; index < 40; index += 1) tail.observe(index % 9, index)
    const copy = new ServiceTail(model)
    copy.restore(JSON.parse(JSON.stringify(tail)))
    for (let at = -10; at < 20; at += 1) expect(copy.rateOf(at)).toBe(tail.rateOf(at))
    expect(copy.requests).toBe(tail.requests)
  })

  it('is never moved by traffic that was only looked at, flagged or not', () => {
    const scene = createScene()
    for (let index = 0; index < 120; index += 1) scene.offer(ordinary(index))
    const before = scene.findings(strange)
    expect(before.length).toBeGreaterThan(0)
    for (let index = 0; index < 500; index += 1) scene.findings(strange)
    expect(scene.findings(strange)).toEqual(before)
  })
})

describe('scoreOfRate', () => {
  it('says 0.5 for one false alarm in 67 requests, 0.97 for one in 1,100, and only hints below', () => {
    expect([1, 0.1, 0.015, 1 / 1_111, 1e-4, 0].map((rate) => Number(scoreOfRate(rate).toFixed(3)))).toEqual([
      0, 0.274, 0.5, 0.97, 0.997, 1,
    ])
  })
})
