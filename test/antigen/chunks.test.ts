import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { chunkCount, chunksOf, describeChunk, hasOnlyChunks } from '../../src/antigen/chunks.ts'

const patterns = (value: string): string[] => [...chunksOf(value)].map(describeChunk)
const setOf = (...values: string[]): Uint32Array => {
  const set = new Uint32Array(Math.ceil(chunkCount / 32))
  for (const value of values)
    for (const chunk of chunksOf(value)) set[chunk >>> 5] = (set[chunk >>> 5] ?? 0) | (1 << (chunk & 31))
  return set
}
const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '7', ' ', "'", '<', '/', '.', '=', '\n', '\0', 'é', '漢'),
  maxLength: 30,
})

describe('chunks', () => {
  it('reads three classes at a time between the marks of start and end', () => {
    expect(patterns("it's 5")).toEqual([
      'start-letter-quote',
      'letter-quote-letter',
      'quote-letter-blank',
      'letter-blank-digit',
      'blank-digit-end',
    ])
  })

  it('counts a run of letters, digits, blanks or foreign characters once, and any other run as it is', () => {
    expect(patterns('abc')).toEqual(patterns('z'))
    expect(patterns('漢字')).toEqual(patterns('é'))
    expect(patterns("''")).not.toEqual(patterns("'"))
  })

  it('gives the empty value a chunk of its own', () => {
    expect(patterns('')).toEqual(['start-start-end'])
    expect(patterns('a')).toEqual(['start-letter-end'])
  })

  it('numbers every chunk below the count', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        for (const chunk of chunksOf(value)) expect(chunk).toBeLessThan(chunkCount)
      }),
    )
  })
})

describe('hasOnlyChunks', () => {
  it('says the same as a look at every chunk', () => {
    fc.assert(
      fc.property(text, text, text, (first, second, value) => {
        const set = setOf(first, second)
        const isKnown = [...chunksOf(value)].every((chunk) => (((set[chunk >>> 5] ?? 0) >>> (chunk & 31)) & 1) === 1)
        expect(hasOnlyChunks(value, set)).toBe(isKnown)
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows every value that the set was made from', () => {
    fc.assert(fc.property(text, text, (first, second) => expect(hasOnlyChunks(first, setOf(first, second))).toBe(true)))
  })
})
