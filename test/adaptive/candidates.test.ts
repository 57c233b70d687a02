import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteReader } from '../../src/adaptive/byte-reader.ts'
import { ByteWriter } from '../../src/adaptive/byte-writer.ts'
import { Candidates } from '../../src/adaptive/candidates.ts'
import type { Provenance } from '../../src/adaptive/support.ts'

const rule = { minSources: 4, minSlices: 3, minEstablished: 8 }
const from = (source: number, slice: number): Provenance => ({ source, slice, isTrusted: false })
const create = (): Candidates => new Candidates(() => 0, 1)
const bytesOf = (candidates: Candidates): Uint8Array => {
  const writer = new ByteWriter()
  candidates.write(writer)
  return Uint8Array.from(writer.finish())
}

describe('Candidates', () => {
  it('needs sources and slices, whatever the order in which they come', () => {
    const visits = fc.array(fc.tuple(fc.nat(20), fc.nat(6)), { maxLength: 60 })
    fc.assert(
      fc.property(visits, (list) => {
        const candidates = create()
        const ordered = list.toSorted(([, a], [, b]) => a - b)
        ordered.forEach(([source, slice], index) => {
          if (candidates.support(9, from(source, slice), rule) === 0) return
          const before = ordered.slice(0, index + 1)
          expect(new Set(before.map(([known]) => known)).size).toBeGreaterThanOrEqual(4)
          expect(new Set(before.map(([, known]) => known)).size).toBeGreaterThanOrEqual(3)
        })
      }),
    )
  })

  it('lets two sources of a slice count, so that a burst stays one witness', () => {
    const candidates = create()
    for (let source = 0; source < 400; source += 1) {
      expect(candidates.support(9, from(source, 1 + Math.floor(source / 200)), rule)).toBe(0)
    }
  })

  it('tells in how many distinct requests a thing was seen', () => {
    const once = create()
    const often = create()
    const results = [0, 0]
    for (let visit = 0; visit < 12; visit += 1) {
      results[0] ||= once.support(9, { ...from(visit, visit), isRepeat: visit > 0 }, rule)
      results[1] ||= often.support(9, from(visit, visit), rule)
    }
    expect(results[0]).toBe(1)
    expect(results[1]).toBeGreaterThanOrEqual(4)
  })

  it('keeps what several sources showed while one source floods the field', () => {
    const candidates = create()
    const known = Array.from({ length: 100 }, (_, feature) => feature)
    for (const feature of known) for (const source of [1, 2]) candidates.support(feature, from(source, 1), rule)
    for (let feature = 1_000; feature < 40_000; feature += 1) candidates.support(feature, from(77, 2), rule)
    expect(candidates.size).toBeLessThanOrEqual(640)
    const promoted = known.filter((feature) =>
      [3, 4, 5, 6].some((source) => candidates.support(feature, from(source, source), rule) > 0),
    )
    expect(promoted.length).toBe(100)
  })

  it('expects no more novelties because one source repeats its own', () => {
    const candidates = create()
    for (let visit = 0; visit < 500; visit += 1) candidates.support(9, from(1, visit), rule)
    expect(candidates.pending).toEqual([1])
  })

  it('comes back from its saved form', () => {
    const visit = fc.tuple(fc.nat(2 ** 31), fc.nat(20), fc.nat(6))
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 300 }), (visits) => {
        const candidates = create()
        for (const [feature, source, slice] of visits) candidates.support(feature, from(source, slice), rule)
        const copy = create()
        copy.read(new ByteReader(bytesOf(candidates)))
        expect(bytesOf(copy)).toEqual(bytesOf(candidates))
        expect(copy.size).toBe(candidates.size)
      }),
      { numRuns: 50 },
    )
  })
})
