import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { forEachGram, hasSpecial } from '../../src/memory/grams.ts'

function gramsOf(value: string): number[] {
  const grams: number[] = []
  forEachGram(value, (hash) => grams.push(hash))
  return grams
}

/** The folding, written once more in the slow and plain way. */
function fold(value: string): string {
  const folded = Array.from({ length: value.length }, (_, index) => {
    const unit = value[index] ?? ''
    const code = unit.charCodeAt(0)
    if (code >= 128) return '\u007f'
    if (/[\t\n\v\f\r ]/.test(unit)) return ' '
    return code < 32 || code === 127 ? '\u0001' : unit.toLowerCase()
  }).join('')
  return ` ${folded} `
    .replace(/\d+/g, '0')
    .replace(/ +/g, ' ')
    .replace(/\u007f+/g, '\u007f')
}

function gramTexts(value: string): string[] {
  const folded = fold(value)
  return Array.from({ length: Math.max(0, folded.length - 3) }, (_, at) => folded.slice(at, at + 4))
}

describe('grams', () => {
  it('are those of the folded text, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (value) => {
        expect(gramsOf(value)).toHaveLength(gramTexts(value).length)
      }),
    )
  })

  it('are equal exactly when the folded characters are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), fc.string({ minLength: 4 }), (left, right) => {
        const hashes = [...gramsOf(left), ...gramsOf(right)]
        const texts = [...gramTexts(left), ...gramTexts(right)]
        const pairs = new Set(texts.map((text, index) => `${text} ${hashes[index]}`))
        expect(pairs.size).toBe(new Set(texts).size)
        expect(pairs.size).toBe(new Set(hashes).size)
      }),
    )
  })

  it('do not change with case, digits or the width of blanks', () => {
    expect(gramsOf("1' OR  22=22")).toEqual(gramsOf("907' or\t0=5 "))
    expect(gramsOf("1' OR  22=22")).toHaveLength(8)
  })

  it('tell plain values from those with special characters', () => {
    for (const value of ['', 'abc', '2026-11-23T10:00:00Z', 'a.b+c@d.example', 'x_1, y', 'Größe']) {
      expect([value, hasSpecial(value)]).toEqual([value, false])
    }
    for (const value of ["'", 'a/b', '<', 'a=b', '\u0000', '(', ';', '$', '{', '|', '\\', '%', '*']) {
      expect([value, hasSpecial(value)]).toEqual([value, true])
    }
  })
})
