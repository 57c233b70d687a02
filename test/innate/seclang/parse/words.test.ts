import { describe, expect, it } from '@jest/globals'
import { splitWords } from '../../../../src/innate/seclang/parse/words.ts'

const cases: readonly (readonly [title: string, line: string, words: readonly string[]])[] = [
  ['splits at blanks and tabs', ' SecRule \t ARGS  x', ['SecRule', 'ARGS', 'x']],
  ['keeps blanks within double quotes', 'A "b c" d', ['A', 'b c', 'd']],
  ['keeps blanks within single quotes', "A 'b c' d", ['A', 'b c', 'd']],
  ['takes a quote within the other quotes for text', `A "it's" '"'`, ['A', "it's", '"']],
  ['takes an escaped quote for a quote', 'A "b \\" c"', ['A', 'b " c']],
  ['leaves every other backslash to the pattern', 'A "\\d\\\\ \\x22"', ['A', '\\d\\\\ \\x22']],
  ['ends at a quote behind a doubled backslash', 'A "b\\\\" c', ['A', 'b\\\\', 'c']],
  ['keeps quotes within a bare word', "A ARGS:'/b|c/' d", ['A', "ARGS:'/b|c/'", 'd']],
  ['ends at a comment behind a word', 'A on # why', ['A', 'on']],
  ['keeps # within a word', 'A b#c "# d"', ['A', 'b#c', '# d']],
  ['reads an empty word', 'A ""', ['A', '']],
  ['takes the rest of the line when a quote stays open', 'A "b c', ['A', 'b c']],
  ['takes a lone backslash at the end for text', 'A "b\\', ['A', 'b\\']],
  ['finds nothing in blanks', ' \t ', []],
]

describe('words of a directive', () => {
  it.each(cases)('%s', (_title, line, words) => {
    expect(splitWords(line).map(({ text }) => text)).toEqual(words)
  })

  it('runs all of its cases', () => expect(cases).toHaveLength(14))

  it('says which words were quoted and which stayed open', () => {
    expect(splitWords('A "b" "c')).toEqual([
      { text: 'A', isQuoted: false, isClosed: true },
      { text: 'b', isQuoted: true, isClosed: true },
      { text: 'c', isQuoted: true, isClosed: false },
    ])
  })
})
