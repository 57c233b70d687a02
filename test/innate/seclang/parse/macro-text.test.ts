import { describe, expect, it } from '@jest/globals'
import type { Macro } from '../../../../src/innate/seclang/macro.ts'
import { macroSource, parseMacro } from '../../../../src/innate/seclang/parse/macro-text.ts'

const isKnown = (name: string): boolean => ['TX', 'ARGS', 'MATCHED_VAR'].includes(name)

const cases: readonly (readonly [title: string, text: string, macro: Macro])[] = [
  ['plain text', 'a % {b} %a', 'a % {b} %a'],
  ['a variable', '%{MATCHED_VAR}', [{ collection: 'MATCHED_VAR', key: null }]],
  ['a member after a dot', '%{tx.score}', [{ collection: 'TX', key: 'score' }]],
  ['a member after a colon', '%{ARGS:a.b}', [{ collection: 'ARGS', key: 'a.b' }]],
  ['a pattern as key', '%{ARGS:/^a/}', [{ collection: 'ARGS', key: '/^a/' }]],
  ['text around it', 'a %{tx.0} b', ['a ', { collection: 'TX', key: '0' }, ' b']],
  [
    'several',
    '%{tx.a}%{tx.b}',
    [
      { collection: 'TX', key: 'a' },
      { collection: 'TX', key: 'b' },
    ],
  ],
  ['one within what is none', '%{%{tx.a}}', ['%{', { collection: 'TX', key: 'a' }, '}']],
  ['what is never closed, as text', 'a %{tx.a', 'a %{tx.a'],
  ['what has no name, as text', '%{} %{ a}', '%{} %{ a}'],
  ['a name that is not known, as text', '%{foo.bar}', '%{foo.bar}'],
]

describe('macros', () => {
  it.each(cases)('reads %s', (_title, text, macro) => {
    expect(parseMacro(text, { isKnown, unknown: 'keep' })).toEqual(macro)
  })

  it('runs all of its cases', () => expect(cases).toHaveLength(11))

  it('refuses a name that is not known where it must be one', () => {
    expect(() => parseMacro('a %{foo.bar}', { isKnown, unknown: 'refuse' })).toThrow(
      '%{foo.bar} names the variable FOO, which is not known',
    )
  })

  it('writes a macro again', () => {
    const text = 'a %{TX.score} b %{MATCHED_VAR}'
    expect(macroSource(parseMacro(text, { isKnown, unknown: 'refuse' }))).toBe(text)
  })
})
