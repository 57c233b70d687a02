import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createReservoir } from '../../../src/adaptive/self-model/reservoir.ts'
import { createRandom } from '../../../src/core/random.ts'

const make = (options: Partial<Parameters<typeof createReservoir>[0]> = {}) =>
  createReservoir({ capacity: 100, width: 2, maxPerSource: 20, random: createRandom(1), ...options })

describe('a reservoir', () => {
  it('never holds more than its capacity, nor more than its share of one source', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 400 }), fc.integer(), (sources, seed) => {
        const reservoir = make({ capacity: 50, maxPerSource: 10, random: createRandom(seed) })
        for (const [turn, source] of sources.entries()) reservoir.add(Float32Array.of(turn, source), source)
        const { rows, sources: kept } = reservoir.content()
        expect(reservoir.size()).toBeLessThanOrEqual(50)
        expect(rows).toHaveLength(reservoir.size() * 2)
        for (const source of new Set(kept)) expect(kept.filter((one) => one === source).length).toBeLessThanOrEqual(10)
        for (const [row, source] of kept.entries()) expect(rows[row * 2 + 1]).toBe(source)
      }),
    )
  })

  it('counts what one source offered beyond its share', () => {
    const reservoir = make()
    for (let turn = 0; turn < 500; turn += 1) reservoir.add(Float32Array.of(turn, 0), 7)
    expect([reservoir.size(), reservoir.seen()]).toEqual([20, 500])
    expect(reservoir.refused()).toBeGreaterThan(300)
  })

  it('does not cap a source whose word is enough', () => {
    const reservoir = make()
    for (let turn = 0; turn < 500; turn += 1) reservoir.add(Float32Array.of(turn, 0), null)
    expect(reservoir.size()).toBe(100)
  })

  it('gives rows in the order in which they came, and moves on with traffic', () => {
    const reservoir = make()
    for (let turn = 0; turn < 20_000; turn += 1) reservoir.add(Float32Array.of(turn, 0), null)
    const turns = [...reservoir.rows()].filter((_, at) => at % 2 === 0)
    expect(turns).toEqual([...turns].sort((a, b) => a - b))
    const median = turns[50] as number
    expect(median).toBeGreaterThan(18_000)
  })

  it('gives the same sample for the same seed', () => {
    const fill = () => {
      const reservoir = make()
      for (let turn = 0; turn < 1_000; turn += 1) reservoir.add(Float32Array.of(turn, 1), turn % 30)
      return [...reservoir.rows()]
    }
    expect(fill()).toEqual(fill())
  })

  it('goes on from what was saved', () => {
    const reservoir = make()
    for (let turn = 0; turn < 60; turn += 1) reservoir.add(Float32Array.of(turn, 1), turn % 10)
    const other = make()
    other.load(reservoir.content())
    expect([...other.rows()]).toEqual([...reservoir.rows()])
    expect([other.size(), other.seen()]).toEqual([60, 60])
    const small = make({ capacity: 10 })
    small.load(reservoir.content())
    expect([...small.rows()].filter((_, at) => at % 2 === 0)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59])
  })

  it('keeps a copy: who offers a vector may use it again', () => {
    const reservoir = make()
    const features = Float32Array.of(1, 2)
    reservoir.add(features, 1)
    features.fill(9)
    expect([...reservoir.rows()]).toEqual([1, 2])
  })
})
