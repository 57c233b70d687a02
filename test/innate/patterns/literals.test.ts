import { describe, expect, it } from '@jest/globals'
import { createAutomaton, createFound } from '../../../src/innate/automaton.ts'
import { compilePcre } from '../../../src/innate/patterns/compile-pcre.ts'
import { parsePcre, parseRe2 } from '../../../src/innate/patterns/parse-pattern.ts'
import type { PatternNode } from '../../../src/innate/patterns/pattern-node.ts'
import { requiredGroups } from '../../../src/innate/patterns/required-literals.ts'
import { createTextMatcher, textLiterals } from '../../../src/innate/patterns/text-pattern.ts'
import { crsAbsence, loadCrsPatterns } from './crs-patterns.ts'
import { loadRulePatterns } from './rule-patterns.ts'
import { createDice, mutate, sampleText } from './sample.ts'

const samplesPerPattern = 40

type Judge = {
  readonly name: string
  readonly tree: PatternNode
  readonly matches: (text: string) => boolean
  readonly literals: readonly (readonly string[])[]
}

/** Checks the law on texts made from the pattern itself; how often it matched, and how often it held trivially. */
function checkLaw({ name, tree, matches, literals }: Judge, seed: number): number {
  const dice = createDice(seed)
  let matched = 0
  for (let round = 0; round < samplesPerPattern; round += 1) {
    let text = sampleText(tree, dice)
    for (let change = dice(4); change > 0; change -= 1) text = mutate(text, dice)
    if (!matches(text)) continue
    matched += 1
    const lower = text.toLowerCase()
    for (const group of literals) {
      if (!group.some((literal) => lower.includes(literal)))
        throw new Error(`${name}: ${JSON.stringify({ text, group })}`)
    }
  }
  return matched
}

const orSkip = crsAbsence === null ? it : it.skip

describe('required literals', () => {
  it('occur in whatever a pattern of the shipped rules matches', () => {
    const patterns = loadRulePatterns()
    let matched = 0
    let judged = 0
    for (const [seed, pattern] of patterns.entries()) {
      const matches = createTextMatcher(pattern)
      if (matches === null) continue
      judged += 1
      matched += checkLaw({ name: pattern, tree: parseRe2(pattern), matches, literals: textLiterals(pattern) }, seed)
    }
    expect(judged).toBeGreaterThan(100)
    expect(matched).toBeGreaterThan(judged * 10)
  })

  orSkip(
    `occur in whatever a pattern of the Core Rule Set matches${crsAbsence === null ? '' : ` (${crsAbsence})`}`,
    () => {
      const patterns = loadCrsPatterns()
      let matched = 0
      let without = 0
      for (const [seed, { rule, pattern }] of patterns.entries()) {
        const { test, literals } = compilePcre(pattern)
        matched += checkLaw({ name: rule, tree: parsePcre(pattern, {}), matches: (text) => test(text), literals }, seed)
        if (literals.length === 0) without += 1
      }
      expect(patterns.length).toBeGreaterThan(200)
      expect(matched).toBeGreaterThan(patterns.length * 15)
      expect(without).toBeLessThan(patterns.length / 6)
    },
  )

  it('are lower-case ASCII, so that one automaton can look for all of them', () => {
    const groups = [
      ...loadRulePatterns().flatMap(textLiterals),
      ...loadCrsPatterns().flatMap(({ pattern }) => compilePcre(pattern).literals),
    ]
    const texts = [...new Set(groups.flat())]
    const automaton = createAutomaton(texts.map((text, id) => ({ id, text })))
    const found = createFound(texts.length)
    for (const [id, text] of texts.entries()) {
      automaton.scan(`--${text.toUpperCase()}--`, found)
      if ((((found.bits[id >> 5] ?? 0) >> (id & 31)) & 1) === 0)
        throw new Error(`does not find ${JSON.stringify(text)}`)
    }
    expect(texts.length).toBeGreaterThan(500)
  })

  it.each([
    ['foo(?=bar)', [['bar'], ['foo']]],
    ['foo(?!bar)', [['foo']]],
    ['(?<=foo)bar', [['foo'], ['bar']]],
    ['(?i)Se(?:l|r)v', [['selv', 'serv']]],
    ['(foo|ba)x\\1', [['bax', 'foox']]],
    ['(?>fo{2})bar', [['foobar']]],
    ['[,;]', [[',', ';']]],
    ['\\s+', [['\t', '\n', '\v', '\f', '\r', ' ']]],
    ['\\d+', []],
    ['\\xe4', []],
    ['x|foo', []],
    ['^$', []],
  ])('of %s are found through looks, groups and references', (pattern, expected) => {
    expect(requiredGroups(parsePcre(pattern, {}))).toEqual(expected)
  })
})
