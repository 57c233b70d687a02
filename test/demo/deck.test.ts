import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../src/core/random.ts'
import { createDeck } from '../../src/demo/deck.ts'

describe('createDeck', () => {
  it('draws every item once before any comes again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.integer(), (items, seed) => {
        const deck = createDeck(items, createRandom(seed))
        for (let round = 0; round < 3; round += 1) {
          expect(new Set(items.map(() => deck.draw()))).toEqual(new Set(items))
        }
      }),
    )
  })

  it('refuses to be empty', () => {
    expect(() => createDeck([], createRandom(1))).toThrow('at least one item')
  })
})
