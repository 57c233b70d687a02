import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteReader } from '../../src/adaptive/byte-reader.ts'
import { ByteWriter } from '../../src/adaptive/byte-writer.ts'
import { type Names, RouteShape, type ShapeNovelty } from '../../src/adaptive/route-shape.ts'
import { configSchema } from '../../src/config/schema.ts'

const rule = { ...configSchema.parse({}).adaptive, minEstablished: 1_000 }

/** Names as the reader gives them: the same set in another order has the same set hash. */
function namesOf(slots: readonly number[], hasUnknown = false): Names {
  const distinct = [...new Set(slots)]
  const hash = (numbers: readonly number[]): number => numbers.reduce((sum, slot) => (sum * 31 + slot + 7) % 2 ** 31, 5)
  return {
    slots: Int32Array.from(distinct),
    count: distinct.length,
    set: hash(distinct.toSorted((a, b) => a - b)),
    order: hash(distinct),
    hasUnknown,
  }
}

const from = (index: number, isTrusted = false) => ({
  source: Math.imul(index % 37, 0x9e3779b1) >>> 0,
  slice: Math.floor(index / 100),
  isTrusted,
})

function taught(count: number, slotsAt: (index: number) => readonly number[]): RouteShape {
  const shape = new RouteShape()
  for (let index = 0; index < count; index += 1) shape.learn(namesOf(slotsAt(index)), from(index), rule)
  return shape
}

const aspectOf = ({ aspect, slot }: ShapeNovelty): string => `${aspect} ${slot}`

describe('RouteShape', () => {
  const fixed = taught(1_000, (index) => (index % 2 === 0 ? [1, 2] : [1, 2, 3]))

  it('knows the forms that came often, and is surprised by nothing about them', () => {
    for (const slots of [
      [1, 2],
      [1, 2, 3],
    ]) {
      expect(fixed.isKnown(namesOf(slots))).toBe(true)
      expect(fixed.novelty(namesOf(slots)).surprise).toBeLessThan(1)
    }
  })

  it.each([
    ['a name of another route', [1, 2, 9], false, 'name 9'],
    ['a name that nobody knows', [1, 2], true, 'name -1'],
    ['a missing name', [1], false, 'missing 2'],
    ['names in another order', [2, 1], false, 'order -1'],
  ])('is surprised by %s', (_title, slots, hasUnknown, expected) => {
    const novelty = fixed.novelty(namesOf(slots, hasUnknown))
    expect(aspectOf(novelty)).toBe(expected)
    expect(novelty.surprise).toBeGreaterThan(Math.log(500))
  })

  it('is surprised by names that never came together, though each is known', () => {
    const shape = taught(1_000, (index) => (index % 2 === 0 ? [1, 2] : [1, 3]))
    const novelty = shape.novelty(namesOf([1, 2, 3]))
    expect(['set -1', 'order -1']).toContain(aspectOf(novelty))
    expect(novelty.surprise).toBeGreaterThan(Math.log(500))
  })

  it('is hardly surprised where new forms come all the time', () => {
    const open = taught(400, (index) => [1, 2 + (index % 50), 60 + ((index * 7) % 40)])
    expect(open.novelty(namesOf([1, 5, 99])).surprise).toBeLessThan(fixed.novelty(namesOf([1, 5, 99])).surprise / 2)
  })

  it('learns a new form only when enough sources and slices support it', () => {
    const shape = taught(1_000, () => [1, 2])
    for (let index = 0; index < 300; index += 1) shape.learn(namesOf([1, 2, 3]), { ...from(3), slice: index }, rule)
    expect(shape.hasName(3)).toBe(false)
    for (let index = 0; index < 300; index += 1) shape.learn(namesOf([1, 2, 3]), { ...from(index), slice: 300 }, rule)
    expect(shape.hasName(3)).toBe(false)
    for (let index = 0; index < 300; index += 1) shape.learn(namesOf([1, 2, 3]), from(40_000 + index), rule)
    expect([shape.hasName(3), shape.isKnown(namesOf([1, 2, 3]))]).toEqual([true, true])
  })

  it('learns at once what a trusted source shows', () => {
    const shape = taught(1_000, () => [1, 2])
    shape.learn(namesOf([2, 7]), from(0, true), rule)
    expect(shape.isKnown(namesOf([2, 7]))).toBe(true)
  })

  it('says the same after it was saved and read again', () => {
    const slots = fc.uniqueArray(fc.nat(12), { maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(slots, { minLength: 1, maxLength: 80 }),
        fc.array(slots, { maxLength: 10 }),
        (seen, asked) => {
          const shape = taught(seen.length * 5, (index) => seen[index % seen.length] ?? [])
          const writer = new ByteWriter()
          shape.write(writer)
          const copy = RouteShape.read(new ByteReader(writer.finish()))
          for (const one of [...asked, ...seen]) {
            expect(copy.novelty(namesOf(one))).toEqual(shape.novelty(namesOf(one)))
            expect(copy.isKnown(namesOf(one))).toBe(shape.isKnown(namesOf(one)))
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
