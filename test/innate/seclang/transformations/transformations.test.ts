import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { secTransformationTable } from '../../../../src/innate/seclang/transformations/table.ts'
import { parseUnicodeMap } from '../../../../src/innate/seclang/transformations/unicode-map.ts'
import { createUrlDecodeUni } from '../../../../src/innate/seclang/transformations/url.ts'
import { byteStrings } from '../byte-strings.ts'

type Answers = Readonly<Record<string, readonly (readonly [string, string])[]>>
/** Texts of our own with what libmodsecurity 3.0.9 makes of them. */
const answers = JSON.parse(readFileSync(new URL('./reference-answers.json', import.meta.url), 'utf8')) as Answers

function apply(name: string, text: string): string {
  const transformation = secTransformationTable.get(name.toLowerCase())
  if (transformation === undefined) throw new Error(`no transformation ${name}`)
  return transformation.apply(text)
}

const anyText = byteStrings([
  ...['%', '%41', '%u', '%uff1c', '+', '\\', '\\x41', '\\u0041', '\\101', '&', '&#', '&#x41;', '&lt;', ';', '0x', '41'],
  ...[
    '/',
    '.',
    '..',
    './',
    '//',
    '/*',
    '*/',
    '<!--',
    '-->',
    '--',
    '#',
    '"',
    "'",
    '^',
    ',',
    '(',
    ' ',
    '\t',
    '\n',
    '\0',
    '=',
  ],
  ...['a', 'A', 'QUJD', '\xc3\xa9', '\xe2\x82\xac', '\xc0\xae', '\xa0', '\xf5', '\xff'],
])

/** How many bytes a byte can become at most, plus what a short text can. */
const growth: Readonly<Record<string, readonly [number, number]>> = {
  base64Encode: [4 / 3, 4],
  hexEncode: [2, 0],
  urlEncode: [3, 0],
  utf8toUnicode: [3.5, 0],
  removeComments: [1, 1],
  length: [1, 1],
  md5: [0, 16],
  sha1: [0, 20],
}

/** Those that read what they have written as something new, or take apart what has been put together. */
const changesAgain = new Set([
  ...[
    'base64Decode',
    'base64DecodeExt',
    'base64Encode',
    'hexDecode',
    'hexEncode',
    'urlEncode',
    'length',
    'md5',
    'sha1',
  ],
  ...['urlDecode', 'urlDecodeUni', 'htmlEntityDecode', 'jsDecode', 'cssDecode', 'escapeSeqDecode', 'sqlHexDecode'],
  ...['removeComments', 'removeCommentsChar', 'replaceComments', 'cmdLine', 'utf8toUnicode'],
  ...['parityEven7bit', 'parityOdd7bit'],
  ...['normalisePath', 'normalisePathWin', 'normalizePath', 'normalizePathWin'],
])

describe('secTransformationTable', () => {
  it('holds every transformation of the reference manual by its lower-case name', () => {
    const names = [...secTransformationTable.values()].map(({ name }) => name)
    expect(names).toHaveLength(38)
    expect([...secTransformationTable.keys()]).toEqual(names.map((name) => name.toLowerCase()))
    expect(Object.keys(answers)).toEqual(names)
  })

  it('turns every recorded text into what the reference turns it into', () => {
    const cases = Object.entries(answers).flatMap(([name, pairs]) =>
      pairs.map(([text, want]) => ({ name, text, want })),
    )
    const wrong = cases.filter(({ name, text, want }) => apply(name, text) !== want)
    expect(wrong).toEqual([])
    expect(cases).toHaveLength(902)
  })
})

describe.each(
  [...secTransformationTable.values()].map((transformation) => [transformation.name, transformation] as const),
)('%s', (name, { apply, triggers, isCaseOnly }) => {
  it('gives a byte string no longer than its bound for any byte string', () => {
    const [factor, extra] = growth[name] ?? [1, 0]
    fc.assert(
      fc.property(anyText, (text) => {
        const out = apply(text)
        expect(out.length).toBeLessThanOrEqual(text.length * factor + extra)
        expect(/^[\0-\xff]*$/.test(out)).toBe(true)
      }),
    )
  })

  it('gives the same answer whatever it was asked before', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const first = apply(text)
        apply(other.repeat(50))
        expect(apply(text)).toBe(first)
      }),
    )
  })

  it('changes no text beyond case without one of its triggers', () => {
    if (triggers.length === 0 && isCaseOnly !== true) return
    fc.assert(
      fc.property(anyText, (text) => {
        const lower = text.toLowerCase()
        if (triggers.some((trigger) => lower.includes(trigger))) return
        expect(apply(text).toLowerCase()).toBe(lower)
      }),
      { numRuns: 1000 },
    )
    expect(triggers.every((trigger) => /^[\0-\x40\x5b-\x7f]+$/.test(trigger))).toBe(true)
  })

  if (!changesAgain.has(name)) {
    it('leaves alone what it has made', () => {
      fc.assert(fc.property(anyText, (text) => expect(apply(apply(text))).toBe(apply(text))))
    })
  }
})

describe('what the reference loses', () => {
  it.each([
    ['cssDecode', 'a\0\\62', 'a\0b'],
    ['sqlHexDecode', 'a\x000x41', 'a\0A'],
    ['sqlHexDecode', 'plain', 'plain'],
    ['normalizePathWin', 'a\\\\\\b', 'a/b'],
    ['normalizePathWin', '..//\\..\\etc', '../../etc'],
  ])('stays in the text: %s of %j is %j', (name, text, want) => {
    expect(apply(name, text)).toBe(want)
  })
})

describe('urlDecodeUni with a unicode map', () => {
  const page = '20127 (US-ASCII)\n00c0:41 2039:3c 203a:3e\n\n'
  const content = `# best fit\n\n1250  (Central Europe)\n2039:28\n\n${page}`

  it('reads a character through the map of its code page', () => {
    const decode = createUrlDecodeUni(parseUnicodeMap(content, 20127)).apply
    expect(decode('%u2039b%u203A%u00c0')).toBe('<b>A')
    expect(createUrlDecodeUni(parseUnicodeMap(content, 1250)).apply('%u2039')).toBe('(')
  })

  it('reads what the map lacks as without one', () => {
    const decode = createUrlDecodeUni(parseUnicodeMap(content, 20127)).apply
    expect(decode('%uff1c%u0141%41+')).toBe('<AA ')
  })

  it('refuses a code page that the file does not have', () => {
    expect(() => parseUnicodeMap(content, 1252)).toThrow('the unicode map has no code page 1252')
  })

  it('reads any text as a map or refuses it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseUnicodeMap(`20127\n${text}`, 20127).size).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(String(error)).toContain('has no code page')
        }
      }),
    )
  })
})
