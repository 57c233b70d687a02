import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { compilePcre } from '../../../src/innate/patterns/compile-pcre.ts'
import { PatternError } from '../../../src/innate/patterns/pattern-cursor.ts'
import { crsAbsence, loadCrsPatterns } from './crs-patterns.ts'
import { pcreAnswers } from './pcre-answers.ts'

describe('a PCRE pattern', () => {
  it('matches what PCRE2 and Perl match, at the same place and with the same groups', () => {
    let checked = 0
    for (const [source, answers] of pcreAnswers) {
      const pattern = compilePcre(source)
      for (const [text, start, end, ...groups] of answers) {
        const captured =
          start === undefined ? [] : [text.slice(start, end), ...groups, ...Array(9 - groups.length).fill('')]
        expect({ source, text, matches: pattern.test(text) }).toEqual({ source, text, matches: start !== undefined })
        expect({ source, text, span: pattern.locate(text) }).toEqual({
          source,
          text,
          span: start === undefined ? null : { start, end },
        })
        expect({ source, text, captured: pattern.capture(text) }).toEqual({ source, text, captured })
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(400)
  })

  it('agrees with the RE2 library on what both understand', () => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom(
          ...['a', 'b', 'bc', '[ab]', '[^a]', '.', '(?-s:.)', '\\d', '\\w', '\\W', '\\b', '\\B', '$', '\\A', '\\z'],
          ...['(?i:aB)', '\\x41', '\\xe4', '[^\\x00-\\x7f]', '[[:upper:]]', '\\Q.\\E', '(?-m:^)'],
        ),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
        tie('pattern').map((one) => `(${one})`),
        fc
          .tuple(
            fc.constantFrom('a', '[ab]', '.', 'bc', '\\w', 'a|bc', 'ab?'),
            fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?', '+?', '??'),
          )
          .map(([one, times]) => `(${one})${times}`),
      ),
    }))
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'A', '.', '1', ' ', '\n', '_', '\xe4'),
      maxLength: 16,
    })
    let matched = 0
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 6 }), (source, texts) => {
        const ours = compilePcre(source)
        const reference = RE2JS.compile(source, RE2JS.DOTALL | RE2JS.MULTILINE)
        for (const one of texts) {
          const matcher = reference.matcher(one)
          const isMatch = matcher.find()
          expect([source, one, ours.test(one)]).toEqual([source, one, isMatch])
          const groups = isMatch
            ? Array.from({ length: 10 }, (_, group) =>
                group > matcher.groupCount() ? '' : (matcher.group(group) ?? ''),
              )
            : []
          expect([source, one, ours.capture(one)]).toEqual([source, one, groups])
          expect([source, one, ours.locate(one)]).toEqual([
            source,
            one,
            isMatch ? { start: matcher.start(), end: matcher.end() } : null,
          ])
          if (isMatch) matched += 1
        }
      }),
      { numRuns: 1_500 },
    )
    expect(matched).toBeGreaterThan(1_000)
  })

  it('takes the flags it is given, and those of ModSecurity when it is given none', () => {
    const matches = (source: string, text: string, flags = {}): boolean => compilePcre(source, flags).test(text)
    expect([matches('a.b', 'a\nb'), matches('a.b', 'a\nb', { dotAll: false })]).toEqual([true, false])
    expect([matches('^b$', 'a\nb\n'), matches('^b$', 'a\nb\n', { multiline: false })]).toEqual([true, false])
    expect([matches('AB', 'ab'), matches('AB', 'ab', { ignoreCase: true })]).toEqual([false, true])
    expect(matches('a$', 'a\n', { multiline: false })).toBe(true)
  })

  it.each([
    ['(?R)a', /recursion or subroutine call \(\?R is not supported at offset 0/],
    ['a(?1)(b)', /recursion or subroutine call \(\?1/],
    ['(?&n)(?<n>a)', /subroutine call \(\?&/],
    ['(?<n>a)\\g<n>', /subroutine call \\g is not supported at offset 7/],
    ['(a)?(?(1)b|c)', /conditional group \(\?\( is not supported at offset 4/],
    ['(*ACCEPT)a', /verb \(\*ACCEPT\) is not supported|verb/],
    ['a\\Kb', /escape \\K is not supported at offset 1/],
    ['\\X', /escape \\X is not supported/],
    ['\\p{L}', /Unicode property \\p is not supported/],
    ['(?C1)a', /callout/],
    ['(?J)a', /flag J/],
    ['\\x{100}', /character code above ff at offset 0/],
    ['a{3,2}', /numbers are out of order/],
    ['a{65536}', /quantifier above 65535/],
    ['*a', /quantifier \* with nothing to repeat at offset 0/],
    ['a|{1}', /quantifier \{ with nothing to repeat at offset 2/],
    ['a**', /quantifier \* with nothing to repeat/],
    ['^*', /which cannot be repeated/],
    ['(?i)+', /which cannot be repeated/],
    ['[a', /class without its closing bracket at offset 0/],
    ['[z-a]', /class range that is out of order/],
    ['[[:foo:]]', /class name \[:foo:\] is unknown/],
    ['[[.a.]]', /collating elements/],
    ['(a', /group without its closing parenthesis at offset 0/],
    ['a)', /closing parenthesis without its group at offset 1/],
    ['(?#a', /comment without/],
    ['(?a)', /group \(\?a is unknown/],
    ['a\\', /backslash at the end at offset 1/],
    ['\\y', /escape \\y is unknown/],
    ['\\1', /reference to a group that does not exist: 1/],
    ['(?P=x)', /reference to a group that does not exist: x/],
    ['(?<a>b)(?<a>c)', /second group named a/],
    ['(a\\1)', /reference to group 1 from inside it/],
    ['(?=(a))\\1', /reference to group 1 from outside its look/],
    ['(a)(?<=\\1)', /reference in a look behind/],
    ['(?>(a)|b)\\1', /reference to group 1 in an atomic group/],
    ['(?>(?:a|ab)c)d', /atomic group or possessive quantifier that cannot be written as an automaton at offset 0/],
    ['a{1000}{1000}', /quantifier \{ with nothing|too large/],
    ['(?:a{1000}){1000}', /pattern too large: its repeats come to more than 60000 steps/],
    [`${'('.repeat(300)}a${')'.repeat(300)}`, /groups nested deeper than 250/],
    ['\u0100', /character above U\+00FF/],
    ['(?=a)(?=ab)'.repeat(40), /more than 30 looks/],
  ])('is refused by name: %s', (source, reason) => {
    expect(() => compilePcre(source)).toThrow(PatternError)
    expect(() => compilePcre(source)).toThrow(reason)
  })

  it('compiles or is refused, whatever the pattern, and then judges any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          '(',
          ')',
          '(?',
          '(?:',
          '(?=',
          '(?!',
          '(?<=',
          '(?<!',
          '(?>',
          '(?|',
          '(?i)',
          '(?x)',
          '(?#',
          '(?<n>',
          '(?P=n)',
          '[',
          ']',
          '[^',
          '[:alpha:]',
        ],
        ...[
          '{',
          '}',
          '{2}',
          '{1,3}',
          '{,2}',
          '*',
          '+',
          '?',
          '*+',
          '??',
          '|',
          '^',
          '$',
          '.',
          '\\',
          '\\b',
          '\\d',
          '\\Q',
          '\\E',
          '\\x',
          '\\x{',
          '\\1',
        ],
        ...[
          '\\k<n>',
          '\\g{-1}',
          '\\c',
          '\\o{',
          '\\R',
          '-',
          '#',
          'a',
          'b',
          ' ',
          '\xff',
          '\n',
          '0',
          '7',
          ':',
          '=',
          '<',
          '!',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    )
    const source = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
    let compiled = 0
    fc.assert(
      fc.property(source, fc.string({ maxLength: 12 }), (text, value) => {
        let pattern = null
        try {
          pattern = compilePcre(text)
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError)
          return
        }
        compiled += 1
        const captured = pattern.capture(value)
        expect(captured.length > 0).toBe(pattern.test(value))
        const span = pattern.locate(value)
        expect(span === null ? null : value.slice(span.start, span.end)).toBe(captured[0] ?? null)
      }),
      { numRuns: 6_000 },
    )
    expect(compiled).toBeGreaterThan(500)
  })

  const orSkip = crsAbsence === null ? it : it.skip
  orSkip(`of the Core Rule Set always compiles${crsAbsence === null ? '' : ` (${crsAbsence})`}`, () => {
    const patterns = loadCrsPatterns()
    for (const { rule, pattern } of patterns)
      expect([rule, compilePcre(pattern).test('')]).toEqual([rule, expect.any(Boolean)])
    expect(patterns.length).toBeGreaterThan(200)
  })
})
