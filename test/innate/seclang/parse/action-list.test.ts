import { describe, expect, it } from '@jest/globals'
import { parseActionList } from '../../../../src/innate/seclang/parse/action-list.ts'

type Pair = readonly [name: string, value: string | null]

const accepted: readonly (readonly [title: string, text: string, actions: readonly Pair[]])[] = [
  [
    'splits at commas',
    'id:1,deny,t:none',
    [
      ['id', '1'],
      ['deny', null],
      ['t', 'none'],
    ],
  ],
  [
    'leaves blanks around actions out',
    ' id:1 ,  deny , t: none ',
    [
      ['id', '1'],
      ['deny', null],
      ['t', 'none'],
    ],
  ],
  [
    'reads names in any case',
    'ID:1,multiMATCH',
    [
      ['id', '1'],
      ['multimatch', null],
    ],
  ],
  [
    'keeps commas and colons within quotes',
    "msg:'a, b: c',deny",
    [
      ['msg', 'a, b: c'],
      ['deny', null],
    ],
  ],
  [
    'takes an escaped quote for a quote',
    "msg:'it\\'s, so',deny",
    [
      ['msg', "it's, so"],
      ['deny', null],
    ],
  ],
  ['leaves other backslashes as they are', "msg:'a\\b\\\\'", [['msg', 'a\\b\\\\']]],
  ['reads an empty quoted value', "msg:''", [['msg', '']]],
  ['reads an empty bare value', 'ver:', [['ver', '']]],
  [
    'keeps blanks within a bare value',
    'msg:a b,deny',
    [
      ['msg', 'a b'],
      ['deny', null],
    ],
  ],
  [
    'keeps commas within quotes behind an equals sign',
    "xmlns:a='b,c',deny",
    [
      ['xmlns', "a='b,c'"],
      ['deny', null],
    ],
  ],
  [
    'takes a quote in the middle of a word for text',
    "msg:it's,deny",
    [
      ['msg', "it's"],
      ['deny', null],
    ],
  ],
  [
    'takes a quote that never closes behind = for text',
    "setvar:tx.a='b,deny",
    [
      ['setvar', "tx.a='b"],
      ['deny', null],
    ],
  ],
  ['lets a list end in a comma', 'id:1,', [['id', '1']]],
  ['reads nothing', '', []],
]

const refused: readonly (readonly [title: string, text: string, reason: string])[] = [
  ['a quote that is never closed', "id:'1,deny", 'the quote before `1,deny` is never closed'],
  ['text behind a quoted value', "id:'1'x,deny", 'expected a comma, found `x,deny`'],
  ['two commas', 'id:1,,deny', 'expected an action, found another comma'],
  ['a list that begins with a comma', ',deny', 'expected an action, found `,deny`'],
  ['two words without a comma', 'deny log', 'expected a comma, found `log`'],
  ['what is no name', 'id:1,!deny', 'expected an action, found `!deny`'],
]

describe('action lists', () => {
  it.each(accepted)('%s', (_title, text, actions) => {
    expect(parseActionList(text).map(({ name, value }) => [name, value])).toEqual(actions)
  })

  it.each(refused)('refuses %s', (_title, text, reason) => {
    expect(() => parseActionList(text)).toThrow(reason)
  })

  it('runs all of its cases', () => expect([accepted.length, refused.length]).toEqual([14, 6]))
})
