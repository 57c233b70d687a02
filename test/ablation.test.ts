import { describe, expect, it } from '@jest/globals'
import { type Component, components, learnedParts } from '../src/ablation.ts'
import { ServiceTail } from '../src/adaptive/calibration.ts'
import { EvidenceMeter } from '../src/adaptive/evidence.ts'
import { FieldProfile } from '../src/adaptive/field-profile.ts'
import { logOddsOf } from '../src/adaptive/score-model.ts'
import { featuresOf } from '../src/adaptive/value-features.ts'
import { configSchema } from '../src/config/schema.ts'

const rule = { ...configSchema.parse({}).adaptive, minEstablished: 1_000 }
const without = (...left: Component[]) => learnedParts(new Set(left))
const attack = "1' or '1'='1"

/** A field of which a person showed some values. */
function taught(left: readonly Component[], values: readonly string[]) {
  const parts = without(...left)
  const profile = new FieldProfile()
  const from = { source: 1, slice: 1, isTrusted: true }
  for (const value of values) profile.learn(featuresOf(value, parts.inherited?.evidence ?? null), from, rule)
  const meter = new EvidenceMeter(parts.rarity, parts.inherited?.scorer ?? null)
  const known = { own: profile, shared: undefined, isSharedWide: false }
  const evidenceOf = (value: string) => ({ ...meter.measure(value, known) })
  return { evidenceOf, oddsOf: (value: string) => logOddsOf(evidenceOf(value), parts.model.weights, 0), ...parts }
}

const words = ['amber', 'basil', 'cedar', 'dune']

describe('learnedParts', () => {
  it('has all parts when none is left out', () => {
    const { inherited, comparesShape, model } = without()
    expect([inherited === null, comparesShape]).toEqual([false, true])
    expect(Math.min(model.weights.masked, model.weights.rarity, model.weights.surprise)).toBeGreaterThan(0)
  })

  it('names each component once', () => {
    expect(new Set(components).size).toBe(components.length)
  })

  it('leaves out what is inherited', () => {
    expect(taught([], words).evidenceOf(attack).masked).toBeGreaterThan(0)
    expect(taught(['frozen-scorer'], words).evidenceOf(attack).masked).toBe(0)
  })

  it('leaves out the masking by self, so that what self has shown is heard again', () => {
    expect(taught([], [attack]).evidenceOf(attack).masked).toBe(0)
    expect(taught(['masking'], [attack]).evidenceOf(attack).masked).toBeGreaterThan(1)
  })

  it.each(['chunks', 'surprise'] as const)('leaves out %s', (component) => {
    const foreign = 'ab~~cd'
    expect(taught([component], words).oddsOf(foreign)).toBeLessThan(taught([], words).oddsOf(foreign))
    const both = taught(['chunks', 'surprise', 'frozen-scorer'], words)
    expect(both.oddsOf(foreign)).toBe(both.model.weights.bias)
  })

  it('leaves out the prior of rarity: every chunk is as rare as any other', () => {
    expect(new Set(without('rarity-prior').rarity).size).toBe(1)
    expect(new Set(without().rarity).size).toBeGreaterThan(100)
  })

  it('leaves out the form of requests', () => {
    expect(without('shape').comparesShape).toBe(false)
  })

  it('leaves out the calibration: what a service shows moves nothing', () => {
    const rateAfter = (...left: Component[]): number => {
      const tail = new ServiceTail(without(...left).model)
      const before = tail.rateOf(3)
      for (let index = 0; index < 500; index += 1) tail.observe(index % 2 === 0 ? 4 : -8)
      return tail.rateOf(3) / before
    }
    expect(rateAfter()).toBeGreaterThan(5)
    expect(rateAfter('calibration')).toBeCloseTo(1, 3)
  })
})
