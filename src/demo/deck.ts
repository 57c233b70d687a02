import { type Random, shuffled } from '../core/random.ts'

/** Draws every item once before any comes again, in a new order each time: no phrase stays rare by chance. */
export type Deck<T> = { readonly draw: () => T }

export function createDeck<T>(items: readonly T[], random: Random): Deck<T> {
  const [first] = items
  if (first === undefined) throw new RangeError('a deck needs at least one item')
  let rest: T[] = []
  return {
    draw: () => {
      if (rest.length === 0) rest = shuffled(items, random)
      return rest.pop() ?? first
    },
  }
}
