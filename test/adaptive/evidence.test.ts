import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Evidence, EvidenceMeter, type KnownSelf } from '../../src/adaptive/evidence.ts'
import { aspects } from '../../src/adaptive/features.ts'
import { FieldProfile } from '../../src/adaptive/field-profile.ts'
import { loadRarity } from '../../src/adaptive/rarity.ts'
import { featuresOf } from '../../src/adaptive/value-features.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { configSchema } from '../../src/config/schema.ts'

const rule = { ...configSchema.parse({}).adaptive, minEstablished: 1_000 }
const { scorer, evidence } = shippedScorer()
const meter = new EvidenceMeter(loadRarity(), scorer)
const deaf = new EvidenceMeter(loadRarity(), null)

/** A field after ordinary traffic of forty people over five slices. */
function taught(count: number, valueAt: (index: number) => string): FieldProfile {
  const profile = new FieldProfile()
  for (let index = 0; index < count; index += 1) {
    const from = {
      source: Math.imul(index % 37, 0x9e3779b1) >>> 0,
      slice: Math.floor((index * 5) / count),
      isTrusted: false,
    }
    profile.learn(featuresOf(valueAt(index), evidence), from, rule)
  }
  return profile
}

const alone = (own: FieldProfile | undefined): KnownSelf => ({ own, shared: undefined, isSharedWide: false })
const measured = (value: string, known: KnownSelf, by = meter): Evidence => ({ ...by.measure(value, known) })
const surpriseOf = (value: string, own: FieldProfile): number => measured(value, alone(own)).surprise
const aspectOf = (value: string, own: FieldProfile): string | undefined => aspects[measured(value, alone(own)).aspect]

const states = ['new', 'paid', 'sent', 'lost']
const closed = (count: number): FieldProfile => taught(count, (index) => states[index % states.length] ?? '')
const syllables = ['ba', 'ko', 'ri', 'me', 'tu', 'sol', 'nar', 'vel', 'dim', 'fu']
const wordAt = (index: number): string =>
  [index, Math.floor(index / 10), index * 7 + Math.floor(index / 3)]
    .map((place) => syllables[place % 10])
    .join('')
    .slice(0, 4 + (index % 5))

describe('evidence', () => {
  it('counts one new value, character or length fully in a closed field of 5,000, in words for which', () => {
    const field = closed(5_000)
    expect(surpriseOf('void', field)).toBeGreaterThan(Math.log(4_000))
    expect(aspectOf('void', field)).toBe('value')
    expect(surpriseOf('pa;d', field)).toBeGreaterThan(Math.log(4_000))
    const codes = taught(5_000, (index) => `${10_000 + index}`)
    expect(surpriseOf('123', codes)).toBeGreaterThan(Math.log(4_000))
    expect(surpriseOf('1234_', codes)).toBeGreaterThan(Math.log(4_000))
    expect(['length', 'magnitude']).toContain(aspectOf('123', codes))
  })

  it('tolerates new words in an open field of 50', () => {
    const field = taught(50, wordAt)
    let ran = 0
    for (const word of ['sunrise', 'melko', 'turi', 'narvel', 'dimba', 'olive']) {
      expect(surpriseOf(word, field)).toBeLessThan(Math.log(10))
      ran += 1
    }
    expect(ran).toBe(6)
  })

  it('grows with what a closed field has shown', () => {
    const surprises = [30, 300, 3_000].map((count) => surpriseOf('void', closed(count)))
    expect(surprises).toEqual(surprises.toSorted((a, b) => a - b))
    expect((surprises[2] ?? 0) - (surprises[0] ?? 0)).toBeGreaterThan(Math.log(50))
  })

  it('is none for what self has shown, whatever it is', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', '3', ' ', "'", '<', '=', '-', '/', 'ß'), maxLength: 16 })
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 1, maxLength: 12 }), (values) => {
        const field = new FieldProfile()
        const from = { source: 1, slice: 1, isTrusted: true }
        for (const one of values) field.learn(featuresOf(one, evidence), from, rule)
        for (const one of values) {
          const { masked, rarity, surprise, count } = measured(one, alone(field))
          expect({ masked, rarity, surprise, count }).toEqual({ masked: 0, rarity: 0, surprise: 0, count: 0 })
        }
      }),
      { numRuns: 80 },
    )
  })

  it('has no surprise without a history', () => {
    for (const own of [undefined, new FieldProfile()]) {
      const { surprise, aspect } = measured("1' or 1=1--", alone(own))
      expect([surprise, aspect]).toEqual([0, -1])
    }
  })

  it('hears the inherited detectors that self has not silenced, and none of those that it has', () => {
    const attack = "1' or '1'='1"
    const names = taught(400, (index) => `${wordAt(index)}'s ${wordAt(index * 3)}`)
    expect(measured(attack, alone(names)).masked).toBeGreaterThan(1)
    expect(measured("o'neill's koriba", alone(names)).masked).toBeLessThan(measured(attack, alone(names)).masked)
    const self = new FieldProfile()
    self.learn(featuresOf(attack, evidence), { source: 1, slice: 1, isTrusted: true }, rule)
    expect(measured(attack, alone(self)).masked).toBe(0)
    expect(measured(attack, alone(undefined), deaf).masked).toBe(0)
  })

  it('counts what the same name elsewhere has shown for less, and what neither has shown in full', () => {
    const own = closed(1_000)
    const elsewhere = taught(1_000, (index) => `${states[index % 4]}-${states[(index >> 2) % 4]}`)
    const known = { own, shared: elsewhere, isSharedWide: false }
    const value = 'new-paid'
    expect(measured(value, known).rarity).toBeLessThan(measured(value, alone(own)).rarity)
    expect(measured(value, known).surprise).toBeLessThan(surpriseOf(value, own))
    expect(measured('<x>', known).rarity).toBe(measured('<x>', alone(own)).rarity)
    expect(measured('<x>', known).surprise).toBeGreaterThanOrEqual(surpriseOf('<x>', own))
    const newField = measured('<x>', { own: undefined, shared: elsewhere, isSharedWide: false })
    expect(newField.surprise).toBeLessThan(surpriseOf('<x>', elsewhere))
    expect(newField.surprise).toBeGreaterThan(0)
  })

  it('takes no surprise from the service as a whole', () => {
    const service = closed(1_000)
    const { surprise, rarity } = measured('<x>', { own: undefined, shared: service, isSharedWide: true })
    expect([surprise, rarity > 0]).toEqual([0, true])
  })

  it('measures any value, however long', () => {
    const field = closed(100)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(2_000), (text, times) => {
        const { masked, rarity, surprise, count, unseen } = measured(text.repeat(times), alone(field))
        for (const figure of [masked, rarity, surprise]) expect(Number.isFinite(figure) && figure >= 0).toBe(true)
        expect(count).toBeLessThanOrEqual(unseen.length)
      }),
      { numRuns: 60 },
    )
  })
})
