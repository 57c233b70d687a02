import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FieldProfile, type Provenance } from '../../src/adaptive/field-profile.ts'

const rule = { minSources: 4, minSlices: 3 }
const from = (source: number, slice: number, isTrusted = false): Provenance => ({ source, slice, isTrusted })

describe('FieldProfile', () => {
  it('takes a feature in only after enough sources and enough time slices', () => {
    const profile = new FieldProfile()
    for (const [source, slice] of [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [1, 2],
      [2, 2],
    ] as const) {
      profile.learn([7], from(source, slice), rule)
      expect(profile.has(7)).toBe(false)
    }
    profile.learn([7], from(3, 3), rule)
    profile.learn([7], from(4, 3), rule)
    expect(profile.has(7)).toBe(true)
  })

  it('never takes a feature in from fewer sources, however often they send it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(100)), { maxLength: 300 }), (visits) => {
        const profile = new FieldProfile()
        for (const [source, slice] of visits) profile.learn([7], from(source, slice), rule)
        expect(profile.has(7)).toBe(false)
      }),
    )
  })

  it('never takes a feature in from one burst, however many sources take part', () => {
    const profile = new FieldProfile()
    for (let source = 0; source < 500; source += 1) profile.learn([7], from(source, 1 + (source % 2)), rule)
    expect(profile.has(7)).toBe(false)
  })

  it("takes a person's word at once", () => {
    const profile = new FieldProfile()
    expect(profile.learn([7, 9], from(1, 1, true), rule)).toBe(true)
    expect([profile.has(7), profile.has(9), profile.hasTrusted]).toEqual([true, true, true])
  })

  it('keeps no more candidates and sources than it may', () => {
    const profile = new FieldProfile()
    for (let index = 0; index < 5_000; index += 1) profile.learn([index % 9_000], from(index, 1), rule)
    const saved = profile.toJSON()
    expect(saved.candidates.length).toBeLessThanOrEqual(384)
    expect(saved.sources.length).toBeLessThanOrEqual(256)
    expect(JSON.stringify(saved).length).toBeLessThan(25_000)
  })

  it('comes back from its saved form', () => {
    const visit = fc.tuple(fc.nat(9_000), fc.nat(6), fc.nat(4), fc.boolean())
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 100 }), (visits) => {
        const profile = new FieldProfile()
        for (const [feature, source, slice, isTrusted] of visits)
          profile.learn([feature], from(source, slice, isTrusted), rule)
        const copy = FieldProfile.from(JSON.parse(JSON.stringify(profile.toJSON())))
        expect(copy.toJSON()).toEqual(profile.toJSON())
        for (const [feature] of visits) expect(copy.has(feature)).toBe(profile.has(feature))
      }),
    )
  })
})
