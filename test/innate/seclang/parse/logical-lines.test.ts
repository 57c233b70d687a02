import { describe, expect, it } from '@jest/globals'
import { logicalLines } from '../../../../src/innate/seclang/parse/logical-lines.ts'

const cases: readonly (readonly [title: string, text: string, lines: readonly (readonly [number, string])[]])[] = [
  [
    'reads one directive a line',
    'A 1\nB 2\n',
    [
      [1, 'A 1'],
      [2, 'B 2'],
    ],
  ],
  [
    'joins lines that end in a backslash and counts from the first',
    '\nA \\\n  "b,\\\n  c"\nD',
    [
      [2, 'A   "b,  c"'],
      [5, 'D'],
    ],
  ],
  [
    'reads Windows line ends',
    'A \\\r\nb\r\nC\r\n',
    [
      [1, 'A b'],
      [3, 'C'],
    ],
  ],
  ['drops comments and empty lines', '# a\n\n   \n  # b\nC', [[5, 'C']]],
  ['ends a comment with its line, backslash or not', '# words \\\nA', [[2, 'A']]],
  ['keeps a directive that was commented out commented to its end', '# SecRule A \\\n  "b" \\\n  "c"\nD', [[4, 'D']]],
  ['keeps # within a directive', 'A "#b"', [[1, 'A "#b"']]],
  [
    'takes a doubled backslash at the end for itself',
    'A \\\\\nB',
    [
      [1, 'A \\\\'],
      [2, 'B'],
    ],
  ],
  ['takes what there is when the last line goes on', 'A \\', [[1, 'A ']]],
  [
    'ends a directive at an empty continued line',
    'A \\\n\nB',
    [
      [1, 'A '],
      [3, 'B'],
    ],
  ],
  ['reads past the byte order mark of UTF-8', '\xef\xbb\xbfA', [[1, 'A']]],
  ['finds nothing in nothing', '', []],
]

describe('logical lines of a rule file', () => {
  it.each(cases)('%s', (_title, text, lines) => {
    expect(logicalLines(text).map(({ line, text: found }) => [line, found])).toEqual(lines)
  })

  it('runs all of its cases', () => expect(cases).toHaveLength(12))
})
