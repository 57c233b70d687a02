import type { Random } from '../core/random.ts'

/** Draws every item once before any comes again, in a new order each time: no phrase stays rare by chance. */
export type Deck<T> = { readonly draw: () => T }

export function createDeck<T>(items: readonly T[], random: Random): Deck<T> {
  const [first] = items
  if (first === undefined) throw new RangeError('a deck needs at least one item')
  let rest: T[] = []
  return {
    draw: () => {
      if (rest.length === 0) rest = shuffle(items, random)
      return rest.pop() ?? first
    },
  }
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const held = shuffled[last] as T
    shuffled[last] = shuffled[other] as T
    shuffled[other] = held
  }
  return shuffled
}
