import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { kindOf } from '../../src/adaptive/acting-detectors.ts'
import {
  aspectOf,
  aspects,
  characterBase,
  characterFeature,
  detectorBase,
  featureCount,
  lengthBase,
  lengthFeature,
  magnitudeBase,
  magnitudeFeature,
  shortestOf,
  typeBase,
  valueBase,
  valueFeature,
} from '../../src/adaptive/features.ts'
import { featuresOf, maxLearned } from '../../src/adaptive/value-features.ts'
import { chunkCount } from '../../src/antigen/chunks.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { valueTypes } from '../../src/antigen/value-type.ts'

const aspectNameOf = (feature: number): string | undefined => aspects[aspectOf(feature)]

describe('features', () => {
  it('lie in ranges that follow each other and do not overlap, each with the aspect that it is new in', () => {
    const starts = [0, typeBase, lengthBase, characterBase, magnitudeBase, featureCount]
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect([typeBase - 0, lengthBase - typeBase]).toEqual([chunkCount, valueTypes.length])
    const counts = new Map<string | undefined, number>()
    for (let feature = 0; feature < featureCount; feature += 1) {
      const aspect = aspectNameOf(feature)
      counts.set(aspect, (counts.get(aspect) ?? 0) + 1)
    }
    expect([...counts]).toEqual([
      ['chunk', chunkCount],
      ['type', valueTypes.length],
      ['length', characterBase - lengthBase],
      ['character', magnitudeBase - characterBase],
      ['magnitude', featureCount - magnitudeBase],
    ])
    expect(aspectNameOf(valueBase)).toBe('value')
  })

  it('leave room for every inherited detector, and these predict nothing', () => {
    const { model } = shippedScorer().scorer
    const last = detectorBase + 2 ** model.bits + model.tokens.length - 1
    expect(last).toBeLessThan(valueBase)
    expect([aspectOf(detectorBase), aspectOf(last), kindOf(last)]).toEqual([-1, -1, 'inherited'])
  })

  it('of lengths grow with the length, exact below 64 and at most a fifth apart beyond, up to the last one', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        expect(lengthFeature(less)).toBeLessThanOrEqual(lengthFeature(more))
        expect(aspectNameOf(lengthFeature(more))).toBe('length')
        expect(shortestOf(lengthFeature(a))).toBeLessThanOrEqual(a)
        if (a < 64) expect(shortestOf(lengthFeature(a))).toBe(a)
        else expect(a).toBeLessThan(shortestOf(lengthFeature(a)) * 1.2 + 1)
      }),
    )
    expect(lengthFeature(2 ** 40)).toBe(characterBase - 1)
  })

  it('of characters tell ASCII apart and leave letters and digits to the chunks', () => {
    const features = Array.from({ length: 128 }, (_, code) => characterFeature(code))
    const named = features.filter((feature) => feature !== -1)
    expect(named).toHaveLength(128 - 62)
    expect(new Set(named).size).toBe(named.length)
    for (let code = 0; code < 0x1_0000; code += 7) {
      const feature = characterFeature(code)
      if (feature !== -1) expect(aspectNameOf(feature)).toBe('character')
      if (code >= 128) expect(named).not.toContain(feature)
    }
  })

  it('of numbers follow their size, negative ones below zero, and are -1 for everything else', () => {
    const number = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        expect(magnitudeFeature(`${less}`)).toBeLessThanOrEqual(magnitudeFeature(`${more}`))
        expect(aspectNameOf(magnitudeFeature(`${a}`))).toBe('magnitude')
      }),
    )
    const none = ['', 'x', '1e9', '0x10', '1,5', '--1', '1.', ' 1', '9'.repeat(25)]
    expect(none.map((text) => magnitudeFeature(text))).toEqual(none.map(() => -1))
    expect(new Set(['-10', '-1', '0', '1', '10', '100'].map(magnitudeFeature)).size).toBe(6)
  })

  it('of any value are bounded, in their ranges, and the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(5_000), (text, times) => {
        const value = text.repeat(times % 400)
        const features = featuresOf(value, shippedScorer().evidence)
        expect(features.size).toBeLessThan(chunkCount + 5 * maxLearned)
        for (const feature of features) expect(Number.isInteger(feature) && feature >= 0).toBe(true)
        expect([...featuresOf(value, shippedScorer().evidence)]).toEqual([...features])
        expect(features.has(lengthFeature(value.length))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('of whole values are spread over their range', () => {
    for (const hash of [0, 1, 2 ** 31, 2 ** 32 - 1]) expect(valueFeature(hash)).toBeGreaterThanOrEqual(valueBase)
    expect(valueFeature(2)).not.toBe(valueFeature(4))
  })
})
