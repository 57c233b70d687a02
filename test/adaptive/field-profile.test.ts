import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteReader } from '../../src/adaptive/byte-reader.ts'
import { ByteWriter } from '../../src/adaptive/byte-writer.ts'
import { chunkAspect, detectorBase, valueBase } from '../../src/adaptive/features.ts'
import { FieldProfile } from '../../src/adaptive/field-profile.ts'
import type { Provenance } from '../../src/adaptive/support.ts'

const rule = { minSources: 4, minSlices: 3, minEstablished: 8 }
const from = (source: number, slice: number, isTrusted = false): Provenance => ({ source, slice, isTrusted })

const bytesOf = (profile: FieldProfile): Uint8Array => {
  const writer = new ByteWriter()
  profile.write(writer)
  return Uint8Array.from(writer.finish())
}

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

  it('keeps within 25 KB whatever it is shown', () => {
    const profile = new FieldProfile()
    for (let index = 0; index < 9_000; index += 1) {
      profile.learn([index, detectorBase + index, valueBase + index], from(index, index >>> 4, index % 3 === 0), rule)
    }
    expect(bytesOf(profile).length).toBeLessThan(25_000)
    expect(profile.silenced.size).toBeLessThanOrEqual(1_536)
    expect(profile.isOpen).toBe(true)
  })

  it('takes a feature in within one slice from twice as many sources when they have been known for longer', () => {
    const known = new FieldProfile()
    const strangers = new FieldProfile()
    for (let source = 0; source < 16; source += 1) {
      known.learn([7], { ...from(source, 1), isEstablished: true }, rule)
      strangers.learn([7], from(source, 1), rule)
    }
    expect([known.has(7), strangers.has(7)]).toEqual([true, false])
  })

  it('does not expect fewer novelties because the same request comes again and again', () => {
    const once = new FieldProfile()
    const often = new FieldProfile()
    for (let index = 0; index < 50; index += 1) {
      once.learn([7, index % 5], from(index, 1, true), rule)
      for (let repeat = 0; repeat < 20; repeat += 1) {
        often.learn([7, index % 5], { ...from(index, 1, true), isRepeat: repeat > 0 }, rule)
      }
    }
    expect(often.samples).toBe(1_000)
    expect(often.surprise(chunkAspect)).toBe(once.surprise(chunkAspect))
    expect(once.surprise(chunkAspect)).toBeGreaterThan(4)
  })

  it('forgets what was not shown for a whole span, and keeps what was', () => {
    const profile = new FieldProfile()
    const show = (features: number[], count: number): void => {
      for (let index = 0; index < count; index += 1) profile.learn(features, from(index, 1, true), rule)
    }
    show([7, detectorBase + 5, valueBase + 9], 50)
    show([8], 50)
    expect(profile.expire(40)).toBe(0)
    show([8], 50)
    expect(profile.expire(40)).toBe(3)
    expect([7, 8, detectorBase + 5, valueBase + 9].map((feature) => profile.has(feature))).toEqual([
      false,
      true,
      false,
      false,
    ])
  })

  it('forgets nothing while too little comes to show it', () => {
    const profile = new FieldProfile()
    profile.learn([7], from(1, 1, true), rule)
    for (let span = 0; span < 5; span += 1) profile.expire(40)
    expect(profile.has(7)).toBe(true)
  })

  it('comes back from its saved form', () => {
    const visit = fc.tuple(fc.nat(9_000), fc.nat(6), fc.nat(4), fc.boolean())
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 100 }), (visits) => {
        const profile = new FieldProfile()
        for (const [feature, source, slice, isTrusted] of visits)
          profile.learn([feature], from(source, slice, isTrusted), rule)
        const copy = FieldProfile.read(new ByteReader(bytesOf(profile)))
        expect(bytesOf(copy)).toEqual(bytesOf(profile))
        for (const [feature] of visits) expect(copy.has(feature)).toBe(profile.has(feature))
        for (let aspect = 0; aspect < 6; aspect += 1) expect(copy.surprise(aspect)).toBe(profile.surprise(aspect))
      }),
    )
  })

  it('reads damaged bytes as an error or as some profile, never as a crash', () => {
    const profile = new FieldProfile()
    for (let index = 0; index < 200; index += 1) profile.learn([index * 7], from(index, index >> 3), rule)
    const bytes = bytesOf(profile)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (place, byte, isCut) => {
        const damaged = Uint8Array.from(isCut ? bytes.subarray(0, place) : bytes)
        if (!isCut) damaged[place] = byte
        try {
          FieldProfile.read(new ByteReader(damaged)).learn([1, 2], from(1, 1), rule)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
