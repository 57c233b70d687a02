import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createClonalSelection, stepsFor } from '../../../src/adaptive/clonal/clonal-selection.ts'
import { mutate, mutations } from '../../../src/adaptive/clonal/mutate.ts'
import { createRandom } from '../../../src/core/random.ts'
import { cellSummary } from '../../../src/memory/cell-summary.ts'
import type { MemoryCell } from '../../../src/memory/memory.ts'
import { attackWith, createMemoryUnderTest, createSelf } from '../../memory/memory-fixture.ts'
import { ordinary, payloads } from '../../memory/payloads.ts'

type Grown = { readonly node: ReturnType<typeof createMemoryUnderTest>; readonly clones: readonly MemoryCell[] }

function grow(value: string, options: { seed?: number; self?: readonly string[]; rank?: number } = {}): Grown {
  const node = createMemoryUnderTest({ self: createSelf(...(options.self ?? [])) })
  const select = createClonalSelection({ memory: node.memory, random: createRandom(options.seed ?? 1) })
  const attack = attackWith(value)
  const parent = node.memory.remember(attack)
  return { node, clones: parent === undefined ? [] : select(parent, attack, options.rank ?? 1) }
}

describe('clonal selection', () => {
  it('makes the same clones of the same attack from the same seed', () => {
    for (const { value } of payloads) {
      const [first, second] = [grow(value, { seed: 7 }), grow(value, { seed: 7 })]
      expect(first.clones).toEqual(second.clones)
    }
    expect(payloads.some(({ value }) => grow(value).clones.length > 0)).toBe(true)
  })

  it('leaves at most ten clones, each with its parent and its generation', () => {
    for (const { value } of payloads) {
      const { node, clones } = grow(value)
      expect(clones.length).toBeLessThanOrEqual(10)
      const parent = node.memory.cells().find(({ generation }) => generation === 0)
      for (const clone of clones) {
        expect(clone.parent).toBe(parent?.id)
        expect([1, 2]).toContain(clone.generation)
      }
    }
  })

  it('lets no clone act on what self has shown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...payloads), fc.nat(), (payload, seed) => {
        const selves = [...ordinary, ...Array.from({ length: 5 }, () => mutate(payload.value, 2, createRandom(seed)))]
        const { node, clones } = grow(payload.value, { seed, self: selves })
        expect(node.recall(...selves)).toEqual([])
        for (const clone of clones) expect(clone.anchors.some(node.self.has)).toBe(false)
        for (const clone of clones) expect(clone.screenedAgainst).toBe(selves.length)
      }),
    )
  })

  it('keeps no clone of what the other screen calls harmless', () => {
    const node = createMemoryUnderTest({ isSelf: () => true })
    const select = createClonalSelection({ memory: node.memory, random: createRandom(1) })
    for (const { value } of payloads) {
      const attack = attackWith(value)
      const parent = node.memory.remember(attack)
      if (parent !== undefined) expect(select(parent, attack, 1)).toEqual([])
    }
    expect(node.recall(...payloads.map(({ value }) => value))).toEqual([])
  })

  it('names the parent in what a clone recalls', () => {
    const { node, clones } = grow('{{config.items()}}|{{x.y|join}};cat a|sort', { seed: 3 })
    expect(clones.length).toBeGreaterThan(0)
    const texts = Array.from({ length: 400 }, (_, seed) =>
      mutate('{{config.items()}}|{{x.y|join}};cat a|sort', 4, createRandom(seed)),
    )
    const byClone = node.recall(...texts).filter(({ source }) => clones.some(({ id }) => id === source))
    expect(byClone.length).toBeGreaterThan(0)
    for (const { reason } of byClone) expect(reason).toMatch(/, clone of cell-\w+ in generation [12]\.$/)
  })

  it('holds what a person says of a clone against its parent, so that it is worth less', () => {
    const { node, clones } = grow('{{config.items()}}|{{x.y|join}};cat a|sort', { seed: 3 })
    const [first] = clones
    expect(node.memory.forget(first?.id ?? '', 'anna')).toBe(true)
    const parent = node.memory.cells().find(({ id }) => id === first?.parent)
    expect(parent?.falsePositives).toBe(1)
    const now = node.clock.now()
    if (parent !== undefined) {
      expect(cellSummary(parent, now).utility).toBe(cellSummary({ ...parent, falsePositives: 0 }, now).utility - 5)
    }
  })

  it('makes fewer clones of what is ranked lower, and none of a very long value', () => {
    const tries = (rank: number, value: string): number => {
      let count = 0
      const memory = {
        affinity: () => 0,
        rememberClone: () => {
          count += 1
          return undefined
        },
      }
      const { node } = grow("1' OR 22=22 -- ")
      const [parent] = node.memory.cells()
      if (parent !== undefined) {
        createClonalSelection({ memory, random: createRandom(1) })(parent, attackWith(value), rank)
      }
      return count
    }
    expect([1, 2, 4].map((rank) => tries(rank, 'a=b'))).toEqual([40, 20, 10])
    expect(tries(1, 'x'.repeat(3_000))).toBe(0)
  })

  it('mutates the less, the better a clone is recalled', () => {
    const steps = [0, 0.25, 0.5, 0.75, 1].map(stepsFor)
    expect(steps).toEqual([...steps].sort((left, right) => right - left))
    expect([steps[0], steps.at(-1)]).toEqual([6, 1])
  })

  it('keeps any text a text of bounded length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.nat(), fc.integer({ min: 0, max: 6 }), (text, seed, steps) => {
        const clone = mutate(text, steps, createRandom(seed))
        expect(clone.length).toBeLessThanOrEqual((text.length + 1) * 12 * 5 ** steps)
        expect(mutate(text, steps, createRandom(seed))).toBe(clone)
      }),
    )
    expect(mutations).toHaveLength(10)
  })
})
