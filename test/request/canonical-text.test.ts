import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalText, isCanonicalAlready, scanText } from '../../src/request/canonical-text.ts'
import { fieldFlags } from '../../src/request/field.ts'

const maxDepth = 5

const cases: readonly (readonly [title: string, raw: string, value: string, depth: number])[] = [
  ['leaves plain text alone', 'plain text', 'plain text', 0],
  ['decodes percent escapes', '%3Cscript%3E', '<script>', 1],
  ['decodes twice encoded text', '%253Cscript%253E', '<script>', 2],
  ['decodes the old %u form', '%u003cb%u003e', '<b>', 1],
  ['decodes UTF-8 sequences', 'caf%C3%A9', 'café', 1],
  ['keeps a percent sign that starts no escape', '50% off, 100%', '50% off, 100%', 0],
  ['decodes decimal entities', '&#60;b&#62;', '<b>', 1],
  ['decodes hexadecimal entities', '&#x3c;b&#X3E;', '<b>', 1],
  ['decodes named entities', '&lt;b&gt; &amp; &quot;', '<b> & "', 1],
  ['keeps an ampersand between words', 'Rock & Roll AT&T', 'Rock & Roll AT&T', 0],
  ['decodes unicode escapes', '\\u003cscript\\u003e', '<script>', 1],
  ['decodes braced unicode escapes', '\\u{3c}b', '<b', 1],
  ['decodes hexadecimal escapes', '\\x3cb\\x3e', '<b>', 1],
  ['keeps other backslashes', 'C:\\temp\\new', 'C:\\temp\\new', 0],
  ['follows mixed encodings to the end', '%26lt%3Bscript%255cu003e', '<script>', 2],
  ['reads overlong UTF-8 as the character it stands for', '%c0%af%c0%ae', '/.', 1],
]

describe('canonicalText', () => {
  it.each(cases)('%s', (_title, raw, value, depth) => {
    const result = canonicalText(raw, maxDepth)
    expect(result.value).toBe(value)
    expect(result.decodeDepth).toBe(depth)
  })

  it('has run all of its cases', () => expect(cases.length).toBe(16))

  it('decodes an entity that no semicolon ends', () => {
    expect(canonicalText('&#60script', maxDepth).value).toBe('<script')
  })

  it('flags overlong and invalid UTF-8', () => {
    expect(canonicalText('%c0%af', maxDepth).flags & fieldFlags.overlongUtf8).not.toBe(0)
    expect(canonicalText('%ff%fe', maxDepth).flags & fieldFlags.invalidUtf8).not.toBe(0)
  })

  it('flags NUL and control characters', () => {
    expect(canonicalText('a%00b', maxDepth).flags & fieldFlags.nul).not.toBe(0)
    expect(canonicalText('a%07b', maxDepth).flags & fieldFlags.control).not.toBe(0)
  })

  it('flags text that is still encoded at the cap', () => {
    const nested = `%${'25'.repeat(8)}3c`
    expect(canonicalText(nested, 3).flags & fieldFlags.tooDeep).not.toBe(0)
    expect(canonicalText(nested, 10).value).toBe('<')
  })

  it('is idempotent unless the cap was reached', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '%',
        '%25',
        '%3c',
        '&lt;',
        '&amp;',
        '&#',
        'x3c',
        ';',
        '\\u00',
        '3c',
        '\\x',
        '\\u{',
        '}',
        '%u',
        'a',
        '\u00e9',
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const first = canonicalText(pieces.join(''), maxDepth)
        if ((first.flags & fieldFlags.tooDeep) !== 0) return
        expect(canonicalText(first.value, maxDepth).value).toBe(first.value)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never grows a value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
        expect(canonicalText(raw, maxDepth).value.length).toBeLessThanOrEqual(raw.length)
      }),
    )
  })

  it('calls text canonical only when decoding would not change it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        if (isCanonicalAlready(scanText(raw))) expect(canonicalText(raw, maxDepth).value).toBe(raw)
      }),
    )
  })

  it.each(['%', '&', '\\', '&#', '%2', '\\u', '&lt'])('reads a megabyte of %j within bounds', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    expect(canonicalText(text, maxDepth).value.length).toBeLessThanOrEqual(text.length)
  })
})
