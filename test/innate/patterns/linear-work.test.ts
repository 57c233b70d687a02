import { describe, expect, it } from '@jest/globals'
import { compilePcre } from '../../../src/innate/patterns/compile-pcre.ts'
import { parsePcre, parseRe2 } from '../../../src/innate/patterns/parse-pattern.ts'
import type { PatternNode } from '../../../src/innate/patterns/pattern-node.ts'
import { createTextMatcher, type Matcher } from '../../../src/innate/patterns/text-pattern.ts'
import { crsAbsence, loadCrsPatterns } from './crs-patterns.ts'
import { loadRulePatterns } from './rule-patterns.ts'
import { createDice, type Dice, sampleText } from './sample.ts'

const kilobyte = 1_024
const sizes = [kilobyte, 8 * kilobyte, 64 * kilobyte]

/** Operations of one test on a text: one reading, and what is booked as work. */
function operations(matches: Matcher, text: string): number {
  const work = { spent: 0, limit: Number.POSITIVE_INFINITY }
  matches(text, work)
  return work.spent + text.length
}

const noise = noiseOf(64 * kilobyte)

function noiseOf(size: number): string {
  const dice = createDice(1)
  return Array.from({ length: size }, () => 'ab01 =\'"(-'.charAt(dice(10))).join('')
}

/** Units of texts that make backtracking engines slow: beginnings of matches over and over, and no end of one. */
function hostileUnits(tree: PatternNode, dice: Dice): readonly string[] {
  const sample = sampleText(tree, dice)
  const head = sample.slice(0, Math.max(1, sample.length - 1)) || ' '
  let mixed = ''
  while (mixed.length < 2 * kilobyte)
    mixed += sampleText(tree, dice).slice(0, -1) + (mixed.length % 3 === 0 ? 'a' : ' ')
  return [head, head.charAt(0), ' ', 'a', '= ', mixed, noise]
}

/** The most operations a character, by size of the text. */
function measure(tree: PatternNode, matches: Matcher, seed: number): readonly number[] {
  const units = hostileUnits(tree, createDice(seed))
  return sizes.map((size) => {
    const texts = units.map((unit) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size))
    return Math.max(...texts.map((text) => operations(matches, text) / size))
  })
}

/**
 * Linear: a text 64 times as long takes no more operations a character than a short one, where states still have to be
 * worked out; the constant leaves room for texts that lead to new states all along.
 */
function expectLinear(name: string, perCharacter: readonly number[], most: number): void {
  const [short = 0, , long = 0] = perCharacter
  const bound = Math.max(4, short * 2, most)
  if (long > bound)
    throw new Error(`${name}: ${perCharacter.map((count) => count.toFixed(1)).join(', ')} operations a character`)
}

const orSkip = crsAbsence === null ? it : it.skip

describe('the operations of a pattern', () => {
  it('grow no faster than hostile texts do, for every pattern of the shipped rules', () => {
    const patterns = loadRulePatterns()
    let checked = 0
    for (const [seed, pattern] of patterns.entries()) {
      const matches = createTextMatcher(pattern)
      if (matches === null) continue
      expectLinear(pattern, measure(parseRe2(pattern), matches, seed), 8)
      checked += 1
    }
    expect(checked).toBeGreaterThan(100)
  })

  orSkip(
    `grow no faster than hostile texts do, for every pattern of the Core Rule Set${crsAbsence === null ? '' : ` (${crsAbsence})`}`,
    () => {
      const patterns = loadCrsPatterns()
      for (const [seed, { rule, pattern }] of patterns.entries()) {
        const { test } = compilePcre(pattern)
        expectLinear(rule, measure(parsePcre(pattern, {}), test, seed), 8)
      }
      expect(patterns.length).toBeGreaterThan(200)
    },
  )
})
