import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compileGlob } from '../../src/core/glob.ts'

/** What a pattern means, as a regular expression. */
const meaning = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) => (part === '**' ? '[^]*' : part === '*' ? '[^/]*' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')))
      .join('')}$`,
    'i',
  )

const piece = fc.constantFrom('*', '**', '/', 'a', 'b', 'Ab', '.', '[]', '$')
const pattern = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
const long = fc.array(piece, { minLength: 30, maxLength: 40 }).map((parts) => parts.join(''))
const name = fc
  .array(fc.constantFrom('/', 'a', 'b', 'A', '.', '[]', '$'), { maxLength: 8 })
  .map((parts) => parts.join(''))

describe('compileGlob', () => {
  it.each([
    ['/items/*/text', '/items/[]/text', true],
    ['/items/*/text', '/items/a/b/text', false],
    ['/items/**/text', '/items/a/b/text', true],
    ['**~jwt.header', 'authorization~jwt.header', true],
    ['*', '', true],
    ['**', 'a/b', true],
    ['', 'a', false],
    ['Name', 'nAME', true],
  ])('%s and %s: %s', (text, of, expected) => expect(compileGlob(text)(of)).toBe(expected))

  it('means one segment by a star and any run by two, in short patterns and in long ones', () => {
    fc.assert(
      fc.property(fc.oneof(pattern, long), fc.array(name, { minLength: 1, maxLength: 5 }), (text, names) => {
        // Three stars in a row are two and one.
        fc.pre(!/\*{3}/.test(text))
        const matches = compileGlob(text)
        const expected = meaning(text)
        for (const one of [...names, text]) expect([text, one, matches(one)]).toEqual([text, one, expected.test(one)])
      }),
      { numRuns: 1_000 },
    )
  })
})
