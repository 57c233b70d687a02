import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Encoding, encodedStart, encodeText } from '../../src/replay/decoded-place.ts'
import { wireText } from '../../src/replay/traffic-record.ts'

const encodings: readonly Encoding[] = ['path', 'form', 'json', 'plain']

describe('the place of a decoded text', () => {
  it('is the offset of the escape that the text begins with', () => {
    const cases: readonly (readonly [string, string, Encoding, number])[] = [
      ['a=x%27%20or', "' or", 'form', 3],
      ['a=x+or+1', ' or 1', 'form', 3],
      ['/a/b+c%2F%2e%2E/x', '+c/..', 'path', 4],
      ['{"a":"x\\u0027\\n<b"}', "'\n<b", 'json', 7],
      ['{"a":"\\ud83d\\ude00<"}', wireText('\u{1F600}<'), 'json', 6],
      ['<a>&lt;', '<a>', 'plain', 0],
      ['100%', '%', 'form', 3],
      ['%zz', '%zz', 'path', 0],
      ['abc', 'd', 'path', -1],
      ['abc', '', 'path', -1],
    ]
    for (const [encoded, wanted, encoding, at] of cases) expect(encodedStart(encoded, wanted, encoding)).toBe(at)
    expect(cases).toHaveLength(10)
  })

  it('is found for whatever was encoded, behind another value', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((raw) => wireText(raw))
      .filter((raw) => !raw.includes('#'))
    fc.assert(
      fc.property(text, fc.constantFrom<Encoding>('path', 'form', 'plain'), (wanted, encoding) => {
        expect(encodedStart(`##${encodeText(wanted, encoding)}`, wanted, encoding)).toBe(2)
      }),
    )
  })

  it('is found or not in any text, without an error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.constantFrom(...encodings),
        (encoded, wanted, encoding) => {
          const at = encodedStart(encoded, wanted, encoding)
          expect(at).toBeGreaterThanOrEqual(-1)
          expect(at).toBeLessThan(Math.max(1, encoded.length))
        },
      ),
    )
  })
})
