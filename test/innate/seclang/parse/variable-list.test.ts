import { describe, expect, it } from '@jest/globals'
import { parseVariableList } from '../../../../src/innate/seclang/parse/variable-list.ts'

/** As `!NAME kind text`, one word a variable. */
function shortOf(text: string): readonly string[] {
  return parseVariableList(text).map(({ isExcluded, isCount, name, key }) => {
    const prefix = `${isExcluded ? '!' : ''}${isCount ? '&' : ''}${name}`
    if (key.kind === 'all') return prefix
    return `${prefix} ${key.kind} ${key.kind === 'key' ? key.key : key.kind === 'pattern' ? key.source : key.path}`
  })
}

const accepted: readonly (readonly [title: string, text: string, variables: readonly string[]])[] = [
  ['splits at bars', 'ARGS|REQUEST_URI', ['ARGS', 'REQUEST_URI']],
  ['splits at commas', 'ARGS,REQUEST_URI', ['ARGS', 'REQUEST_URI']],
  ['leaves blanks around bars out', ' ARGS | TX ', ['ARGS', 'TX']],
  ['writes names in upper case and keeps keys', 'args:Foo', ['ARGS key Foo']],
  ['takes a dot for a colon', 'TX.score', ['TX key score']],
  ['keeps dots and colons within a key', 'ARGS:json.a:b', ['ARGS key json.a:b']],
  ['reads exclusions and counts', '!ARGS:a|&TX:b|&ARGS', ['!ARGS key a', '&TX key b', '&ARGS']],
  ['reads a pattern', 'ARGS:/^a/', ['ARGS pattern ^a']],
  ['keeps a bar within a pattern', 'ARGS:/a|b/|TX', ['ARGS pattern a|b', 'TX']],
  ['keeps slashes within a pattern', 'ARGS:/a\\/|b/c/|TX', ['ARGS pattern a\\/|b/c', 'TX']],
  ['reads a quoted pattern', "ARGS:'/a|b, c/'|TX", ['ARGS pattern a|b, c', 'TX']],
  ['reads a quoted key', "ARGS:'a|b'|TX", ['ARGS key a|b', 'TX']],
  ['takes an escaped quote within a quoted key for a quote', "ARGS:'a\\'b'", ["ARGS key a'b"]],
  ['reads an XPath', 'XML:/*|XML://@*', ['XML path /*', 'XML path //@*']],
  ['keeps bars and commas within an XPath', "XML:/a[b='|' or c(1,2)]|TX", ["XML path /a[b='|' or c(1,2)]", 'TX']],
  ['reads an empty pattern', 'ARGS://', ['ARGS pattern ']],
]

const refused: readonly (readonly [title: string, text: string, reason: string])[] = [
  ['nothing', '', 'expected a variable, found the end'],
  ['an end behind a bar', 'ARGS|', 'expected a variable, found the end'],
  ['both an exclusion and a count', '!&ARGS', 'expected a variable, found `!&ARGS`'],
  ['an empty key', 'ARGS:', 'expected a key after ARGS:, found the end'],
  ['an empty key before a bar', 'ARGS:|TX', 'expected a key after ARGS:, found `|TX`'],
  ['a pattern that is never closed', 'ARGS:/a', 'the pattern after ARGS: is never closed with /'],
  ['a quote that is never closed', "ARGS:'/a/", 'the quote after ARGS: is never closed'],
  ['text behind a name', 'ARGS TX', 'expected | between variables, found `TX`'],
  ['what is no name', '1', 'expected a variable, found `1`'],
]

describe('variable lists', () => {
  it.each(accepted)('%s', (_title, text, variables) => expect(shortOf(text)).toEqual(variables))

  it.each(refused)('refuses %s', (_title, text, reason) => expect(() => parseVariableList(text)).toThrow(reason))

  it('runs all of its cases', () => expect([accepted.length, refused.length]).toEqual([16, 9]))

  it('keeps what was written, for people', () => {
    expect(parseVariableList('args:/^A/|!TX.b').map(({ written }) => written)).toEqual(['args:/^A/', '!TX.b'])
  })
})
