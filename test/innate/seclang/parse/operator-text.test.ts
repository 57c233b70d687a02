import { describe, expect, it } from '@jest/globals'
import { parseOperator } from '../../../../src/innate/seclang/parse/operator-text.ts'

const cases: readonly (readonly [title: string, text: string, isNegated: boolean, name: string, argument: string])[] = [
  ['a name with an argument', '@contains a b', false, 'contains', 'a b'],
  ['a name in any case', '@STREQ a', false, 'streq', 'a'],
  ['a negated name', '!@within GET HEAD', true, 'within', 'GET HEAD'],
  ['a negated name with a blank', '! @eq 0', true, 'eq', '0'],
  ['blanks before the name', '  @eq 0', false, 'eq', '0'],
  ['blanks before the argument', '@eq   0', false, 'eq', '0'],
  ['blanks behind the argument, which belong to it', '@contains a ', false, 'contains', 'a '],
  ['a name alone', '@detectSQLi', false, 'detectsqli', ''],
  ['a pattern without a name', '^a@b$', false, 'rx', '^a@b$'],
  ['a pattern that begins with a blank', ' a', false, 'rx', ' a'],
  ['a negated pattern', '!^$', true, 'rx', '^$'],
  ['nothing, which is an empty pattern', '', false, 'rx', ''],
  ['an @ without a name', '@ a', false, '', 'a'],
]

describe('the operator of a rule', () => {
  it.each(cases)('reads %s', (_title, text, isNegated, name, argument) => {
    expect(parseOperator(text)).toMatchObject({ isNegated, name, argument })
  })

  it('runs all of its cases', () => expect(cases).toHaveLength(13))
})
