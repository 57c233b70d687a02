import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { detectSqlInjection, explainSqlInjection } from '../../../src/innate/injection/detect-sql-injection.ts'
import { sqlAttacks, sqlHarmless } from './sql-cases.ts'

/** Pieces that steer the tokenizer into every branch it has. */
const pieces = [
  ...[
    "'",
    '"',
    '`',
    '#',
    '--',
    '-- ',
    '/*',
    '*/',
    '/*!',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ';',
    ':',
    '::',
    '.',
    '\\',
    '\\N',
  ],
  ...[
    '$',
    '$$',
    '$a$',
    '@',
    '@@',
    "@'",
    "x'",
    "b'0",
    "n'",
    "q'(",
    "nq'[",
    "u&'",
    "e'",
    '0x',
    '0b1',
    '1e',
    '1.',
    '.5',
    '1d',
    '?',
  ],
  ...[
    'select',
    'union',
    'all',
    'or',
    'and',
    'not',
    'in',
    'like',
    'is',
    'if',
    'collate',
    'int',
    'sleep',
    'user',
    'a_b',
    'group',
    'by',
  ],
  ...[' ', '\n', '\0', '\x7f', '\xa0', '\xff', '=', '<=>', '||', '&&', '+', '!', '~', '1', 'a'],
]

/** A unit that, repeated, makes the tokenizer or the folding do the same thing again and again. */
const units = [
  ...[
    "'",
    '"',
    '`',
    '(',
    ')',
    '[',
    '{a ',
    '/*',
    '/**/',
    '--',
    '#',
    '$a',
    '$$',
    '@',
    "x'",
    "q'a",
    "b'01",
    'a.',
    'select.',
    '1,',
    '1+',
    'a b ',
  ],
  ...[
    "''",
    '\\',
    ';',
    ';;',
    '+ ',
    'not ',
    'in ',
    'and 1 ',
    'collate a ',
    'union ',
    '(select ',
    'a,-b,',
    '1=1 or ',
    'a.b`c`',
    '-- \n',
    '0x',
    '1e',
  ],
]

describe('SQL injection', () => {
  it('is found in every attack of the table, with a fingerprint of at most five letters', () => {
    const missed = sqlAttacks.filter((text) => !/^.{1,5}$/.test(detectSqlInjection(text).fingerprint))
    expect(missed).toEqual([])
    expect(sqlAttacks.length).toBeGreaterThanOrEqual(260)
  })

  it('is not seen in the harmless texts of the table', () => {
    expect(sqlHarmless.filter((text) => detectSqlInjection(text).isInjection)).toEqual([])
    expect(sqlHarmless.length).toBeGreaterThanOrEqual(110)
  })

  it.each([
    ["x' or 'a'='a", 's&sos', 'in single quotes'],
    ['7 union select null', '1UEv', 'as is'],
    ['x" or 1=1 -- ', 's&1c', 'in double quotes'],
    ['7; drop table orders', '1;Tnn', 'as is'],
    ['7 /*!union*/', 'X', 'as is'],
  ])('explains %j as %s', (text, fingerprint, context) => {
    const explanation = explainSqlInjection(text)
    expect(explanation).toMatchObject({ isInjection: true, fingerprint, context })
    expect(detectSqlInjection(text)).toEqual({ isInjection: true, fingerprint })
  })

  it('shows the tokens that are left of a text', () => {
    expect(explainSqlInjection("x' union select secret -- ").tokens).toEqual([
      { kind: 'string', text: 'x' },
      { kind: 'union', text: 'union' },
      { kind: 'expression', text: 'select' },
      { kind: 'bareword', text: 'secret' },
      { kind: 'comment', text: '-- ' },
    ])
  })

  it('shows the tokens of a harmless text as it stands', () => {
    expect(explainSqlInjection('one word')).toMatchObject({ isInjection: false, fingerprint: '', context: 'as is' })
  })

  it('is the same in upper, lower and mixed case', () => {
    for (const text of sqlAttacks) {
      expect(detectSqlInjection(text.toUpperCase()).isInjection).toBe(
        detectSqlInjection(text.toLowerCase()).isInjection,
      )
    }
  })

  it('reads the empty text, one word and words of other alphabets without tokens', () => {
    for (const text of ['', 'select', 'a1_b2', '\xd0\xbf\xd1\x80', 'x'.repeat(70_000)]) {
      const work = { spent: 0, limit: Number.POSITIVE_INFINITY }
      expect(detectSqlInjection(text, work)).toEqual({ isInjection: false, fingerprint: '' })
      expect(work.spent).toBe(1)
    }
  })

  it('gives a verdict for any bytes', () => {
    const texts = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((list) => list.join('')),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const { isInjection, fingerprint } = detectSqlInjection(text)
        expect(fingerprint.length).toBeLessThanOrEqual(5)
        expect(fingerprint !== '').toBe(isInjection)
        expect(explainSqlInjection(text)).toMatchObject({ isInjection, fingerprint })
      }),
      { numRuns: 3000 },
    )
  })

  it('gives the same verdict whatever was judged before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sqlAttacks), fc.constantFrom(...sqlHarmless), (attack, harmless) => {
        const first = detectSqlInjection(attack)
        detectSqlInjection(harmless)
        expect(detectSqlInjection(attack)).toEqual(first)
      }),
    )
  })

  it('reads each byte at most five times, whatever is repeated', () => {
    for (const unit of units) {
      for (const kilobytes of [1, 4, 16, 64]) {
        for (const head of ['', "'", '"', "1' or ", '(']) {
          const text = head + unit.repeat((kilobytes * 1024) / unit.length)
          const work = { spent: 0, limit: Number.POSITIVE_INFINITY }
          detectSqlInjection(text, work)
          expect(work.spent).toBeLessThanOrEqual(5 * text.length + 1)
        }
      }
    }
  })
})
