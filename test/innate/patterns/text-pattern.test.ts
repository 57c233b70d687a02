import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { parse } from 'yaml'
import { caseRequest } from '../../../src/innate/case-request.ts'
import { loadRules, shippedRulesDirectory } from '../../../src/innate/load-rules.ts'
import { createTextMatcher, type Matcher } from '../../../src/innate/patterns/text-pattern.ts'
import { canonicalRequest } from '../canonical-case.ts'

type RuleFile = {
  readonly rules: readonly { readonly rx?: string; readonly all?: readonly { readonly rx?: string }[] }[]
}

function dfaOf(pattern: string): Matcher {
  const matcher = createTextMatcher(pattern)
  if (matcher === null) throw new Error(`${pattern} is not understood`)
  return matcher
}

const anyPattern = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(
      ...['a', 'b', 'bc', '[ab]', '[^a]', '[^ab\\n]', '.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\.', '[a-c1]'],
      ...['\\b', '\\B', '^', '$', '\\x{1f600}', '\\x41', '[^\\x00-\\x7f]', 'ä', '\\n', '[\\w.-]', '[]a]', '\\A', '\\z'],
      ...['(?i:k)', '(?i:[^s-t])', '(?s:.)', '(?m:^)', '(?m:$)', '\\Qa.\\E', '[[:alpha:]]', '[[:^word:]b]'],
      ...['\\v', '\\141', '(b)', '(?:c)'],
    ),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?'))
      .map(([one, times]) => `(?:${one})${times}`),
  ),
})).pattern
const anyText = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'c',
    'A',
    '.',
    '1',
    ' ',
    '\n',
    '_',
    '-',
    ']',
    'ä',
    '\u{1f600}',
    '\ud83d',
    '\0',
    'k',
    'K',
    '\u212a',
    's',
    '\u017f',
    '\v',
  ),
  maxLength: 16,
})

describe('a lazy automaton', () => {
  it('agrees with the RE2 library on random patterns and texts', () => {
    let matched = 0
    let checked = 0
    fc.assert(
      fc.property(anyPattern, fc.array(anyText, { minLength: 1, maxLength: 6 }), (pattern, texts) => {
        const matches = dfaOf(pattern)
        const reference = RE2JS.compile(pattern)
        for (const text of texts) {
          const expected = reference.matcher(text).find()
          expect(`${pattern} on ${JSON.stringify(text)}: ${matches(text)}`).toBe(
            `${pattern} on ${JSON.stringify(text)}: ${expected}`,
          )
          checked += 1
          if (expected) matched += 1
        }
      }),
      { numRuns: 2_000 },
    )
    expect(matched).toBeGreaterThan(1_000)
    expect(checked - matched).toBeGreaterThan(1_000)
  })

  it('reads a long text as it reads a short one', () => {
    const filler = '~'.repeat(2_048)
    fc.assert(
      fc.property(anyPattern, fc.array(anyText, { minLength: 1, maxLength: 4 }), (pattern, texts) => {
        const matches = dfaOf(pattern)
        const reference = RE2JS.compile(pattern)
        for (const text of texts.flatMap((one) => [filler + one, one + filler])) {
          expect([pattern, matches(text)]).toEqual([pattern, reference.matcher(text).find()])
        }
      }),
      { numRuns: 100 },
    )
  })

  it('refuses what it would not understand in full', () => {
    const patterns = ['(?i)ä', '(?i:[^ä])', '\\pL', '[\\pL]', 'a**', `(?:${'a{1000}'.repeat(70)})`]
    expect(patterns.map((pattern) => createTextMatcher(pattern))).toEqual(patterns.map(() => null))
  })

  it('goes on when its table is full', () => {
    // The automaton of "an a, and 14 characters later a b" has 2^14 states.
    const pattern = '[ab]*a[ab]{14}b'
    const matches = dfaOf(pattern)
    const reference = RE2JS.compile(pattern)
    let seed = 1
    const next = (): string => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 16) % 2 === 0 ? 'a' : 'b'
    }
    for (let round = 0; round < 20; round += 1) {
      const text = Array.from({ length: 1_500 }, next)
        .join('')
        .replace(/b/g, round % 2 === 0 ? 'c' : 'b')
      expect(matches(text)).toBe(reference.matcher(text).find())
    }
  })

  it('books the work of states that it has not met before, and only once', () => {
    const matches = dfaOf('foo\\d+bar')
    const work = { spent: 0, limit: Number.POSITIVE_INFINITY }
    matches('foo123', work)
    const first = work.spent
    matches('foo123', work)
    expect(first).toBeGreaterThan(0)
    expect(work.spent).toBe(first)
  })

  it('agrees with the RE2 library on every shipped pattern and every shipped case', () => {
    const rules = loadRules()
    const texts = rules.flatMap((rule) =>
      [...rule.cases.attack, ...rule.cases.benign].flatMap((sample) =>
        canonicalRequest(caseRequest(rule, sample)).fields.map((field) => field.value.toLowerCase()),
      ),
    )
    const patterns = readdirSync(shippedRulesDirectory).flatMap((file) => {
      const { rules } = parse(readFileSync(join(shippedRulesDirectory, file), 'utf8')) as RuleFile
      return rules.flatMap((rule) => [rule, ...(rule.all ?? [])].flatMap(({ rx }) => (rx === undefined ? [] : [rx])))
    })
    let matched = 0
    for (const pattern of patterns) {
      const matches = dfaOf(pattern)
      const reference = RE2JS.compile(pattern)
      for (const text of new Set(texts)) {
        const isMatch = matches(text)
        if (isMatch !== reference.test(text)) expect([pattern, text, isMatch]).toBe('the same')
        if (isMatch) matched += 1
      }
    }
    expect(patterns.length).toBeGreaterThan(100)
    expect(matched).toBeGreaterThan(500)
  })
})
