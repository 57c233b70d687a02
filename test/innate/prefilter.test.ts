import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createAutomaton, createFound } from '../../src/innate/automaton.ts'
import { caseRequest } from '../../src/innate/case-request.ts'
import { loadRules } from '../../src/innate/load-rules.ts'
import { rx } from '../../src/innate/operators/rx.ts'
import { textLiterals } from '../../src/innate/patterns/text-pattern.ts'
import type { Rule } from '../../src/innate/rule.ts'
import { planRules } from '../../src/innate/rule-plan.ts'
import { transformationTable } from '../../src/innate/transformations/table.ts'
import { createValueScan } from '../../src/innate/value-scan.ts'
import { canonicalRequest } from './canonical-case.ts'

/** Rules about counts do not look at values. */
const rules = loadRules().filter((rule) => !rule.conditions[0].targets.counts)
const plan = planRules(rules)

/** Ids of the rules that the prefilter lets through for a text, whatever its place. */
function letThrough(text: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const scan = createValueScan(plan, ({ rule }) => seen.add(rule.id))
  scan.run({ text, bit: 0x7fff_ffff, flags: 0, decodeDepth: 0, chains: null })
  return seen
}

/** Whether the leading condition of a rule holds, without any prefilter. */
function holds(rule: Rule, canonical: string): boolean {
  const { operator, transformations, isNegated } = rule.conditions[0]
  const text = transformations.reduce((sum, transformation) => transformation.apply(sum), canonical)
  return operator.test({ text, lower: text.toLowerCase(), flags: 0, decodeDepth: 0 }) !== isNegated
}

const attackTexts = rules.flatMap((rule) =>
  rule.cases.attack.flatMap((sample) => canonicalRequest(caseRequest(rule, sample)).fields.map((field) => field.value)),
)
const pieces = [...new Set(attackTexts)].filter((text) => text.length > 0 && text.length < 300)

describe('the prefilter', () => {
  it('never says no to a text that a rule matches', () => {
    const surroundings = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '',
        ' ',
        "'",
        '"',
        '/*',
        '*/',
        '\\',
        '${',
        '\u212a',
        '\u0130',
        '\u017f',
        '<',
        '//',
        '\t',
        '\n',
        '^',
      ),
    )
    const text = fc
      .tuple(surroundings, fc.constantFrom(...pieces), surroundings, fc.nat(), surroundings)
      .map(([before, piece, between, cut, after]) => {
        const at = cut % (piece.length + 1)
        return before + piece.slice(0, at) + between + piece.slice(at) + after
      })
    let matches = 0
    fc.assert(
      fc.property(text, (value) => {
        const through = letThrough(value)
        for (const rule of rules) {
          if (!holds(rule, value)) continue
          matches += 1
          if (!through.has(rule.id)) throw new Error(`${rule.id} matches and was filtered out`)
        }
      }),
      { numRuns: 300 },
    )
    expect(matches).toBeGreaterThan(300)
    expect(pieces.length).toBeGreaterThan(200)
  })

  it('lets every attack case through in any mixture of letter cases', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pieces), fc.infiniteStream(fc.boolean()), (piece, flips) => {
        const value = Array.from(piece, (char) => (flips.next().value ? char.toUpperCase() : char)).join('')
        const through = letThrough(value)
        for (const rule of rules) if (holds(rule, value)) expect(through).toContain(rule.id)
      }),
      { numRuns: 150 },
    )
  })

  it('reads a clean value exactly once', () => {
    const scan = createValueScan(plan, () => undefined)
    scan.run({ text: 'a'.repeat(5_000), bit: 4, flags: 0, decodeDepth: 0, chains: null })
    expect(scan.steps()).toBe(5_000)
  })

  it('reads a hostile value at most once per chain of transformations', () => {
    const scan = createValueScan(plan, () => undefined)
    const text = `'"\\/*x*/ \${a}<b>^$  \t`.repeat(500)
    scan.run({ text, bit: 4, flags: 0, decodeDepth: 0, chains: null })
    expect(scan.steps()).toBeLessThanOrEqual(text.length * plan.chains.length)
  })
})

describe('textLiterals', () => {
  it.each([
    ['union\\s+select', [['select'], ['union']]],
    ['\\b(?:foo|barbaz)\\s*\\(', [['barbaz', 'foo'], ['(']]],
    ['a?bcd', [['abcd', 'bcd']]],
    ['x[ab]y', [['xay', 'xby']]],
    ['(?:abc)*', []],
    ['abc|d*', []],
    ['[^a]+', []],
    ['\\.{2,}/', [['..']]],
    ['(?:ab){2}c', [['ababc']]],
  ])('takes from %s what a match cannot do without', (pattern, expected) => {
    expect(textLiterals(pattern)).toEqual(expected)
  })

  it('holds for random patterns and the texts they match', () => {
    const atom = fc.oneof(fc.constantFrom('a', 'b', 'c', '[ab]', '[^a]', '.', '\\d', 'bc', '\\.', '\\b', 'ca'))
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        atom,
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}'))
          .map(([one, times]) => `(?:${one})${times}`),
      ),
    }))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '1', ' '), maxLength: 14 })
    let checked = 0
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        const groups = textLiterals(source)
        if (groups.length === 0) return
        const operator = rx.compile(source)
        if (!operator.test({ text: value, lower: value, flags: 0, decodeDepth: 0 })) return
        checked += 1
        for (const group of groups) expect(group.some((literal) => value.includes(literal))).toBe(true)
      }),
      { numRuns: 8_000 },
    )
    expect(checked).toBeGreaterThan(50)
  })
})

describe('an automaton', () => {
  it('finds exactly the literals that the lower-case text contains, in one step a character', () => {
    const unit = fc.constantFrom('a', 'b', 'A', 'B', 'k', '\u212a', 's', '/', '\u00e4')
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', 'k', 's', '/'), minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { minLength: 1, maxLength: 40 }),
        fc.string({ unit, maxLength: 40 }),
        (literals, text) => {
          const automaton = createAutomaton(literals.map((one, id) => ({ id, text: one })))
          const found = createFound(literals.length)
          automaton.scan(text, found)
          const got = literals.flatMap((_, id) => (((found.bits[id >> 5] ?? 0) >> (id & 31)) & 1 ? [id] : []))
          expect(found.isEmpty).toBe(got.length === 0)
          const expected = literals.flatMap((one, id) => (text.toLowerCase().includes(one) ? [id] : []))
          expect(got).toEqual(expected)
          expect(found.steps).toBe(text.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('refuses literals that it could not fold', () => {
    expect(() => createAutomaton([{ id: 0, text: 'Ab' }])).toThrow(RangeError)
    expect(() => createAutomaton([{ id: 0, text: 'ü' }])).toThrow(RangeError)
  })
})

describe('every transformation', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '/',
        '*',
        '/*',
        '*/',
        '!',
        '5',
        ' ',
        '  ',
        '\t',
        '\0',
        '$',
        '{',
        '}',
        '${',
        'lower:',
        ':-',
        '<b>',
        '<',
        '>',
        '^',
        '+',
        '.',
        '$ifs',
        'A',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    maxLength: 30,
  })

  it.each([...transformationTable.values()].map((one) => [one.name, one] as const))(
    '%s changes nothing unless a trigger occurs',
    (_name, transformation) => {
      fc.assert(
        fc.property(text, (value) => {
          const lower = value.toLowerCase()
          if (transformation.triggers.some((trigger) => lower.includes(trigger))) return
          expect(transformation.apply(value).toLowerCase()).toBe(lower)
        }),
        { numRuns: 400 },
      )
    },
  )
})
