/** What stands after a place: a class (or the number of classes for nothing), and which looks hold, a bit each. */
export type InputSymbol = { readonly character: number; readonly looks: number }

/** Numbers for the symbols that texts have shown so far. Without looks, the number of a symbol is its class. */
export type Symbols = {
  readonly numberOf: (character: number, looks: number) => number
  readonly at: (number: number) => InputSymbol
  /** Numbers are below this. */
  readonly capacity: () => number
  /** How often all numbers were given anew. */
  readonly generation: () => number
}

const firstCapacity = 16
/** With more symbols than this, all are numbered anew. */
const maxSymbols = 1_024

/** `asked`: the looks that count, a bit each. */
export function createSymbols(classCount: number, asked: number): Symbols {
  const width = classCount + 1
  if (asked === 0) {
    return {
      numberOf: (character) => character,
      at: (character) => ({ character, looks: 0 }),
      capacity: () => width,
      generation: () => 0,
    }
  }
  const numbers = new Map<number, number>()
  let known: InputSymbol[] = []
  let capacity = firstCapacity
  let generation = 0
  return {
    numberOf: (character, looks) => {
      // Looks are 30 bits at most, so that keys stay whole numbers.
      const key = (looks & asked) * width + character
      const number = numbers.get(key)
      if (number !== undefined) return number
      if (known.length === maxSymbols) {
        numbers.clear()
        known = []
        generation += 1
      }
      if (known.length >= capacity) capacity *= 2
      numbers.set(key, known.length)
      return known.push({ character, looks: looks & asked }) - 1
    },
    at: (number) => known[number] ?? { character: classCount, looks: 0 },
    capacity: () => capacity,
    generation: () => generation,
  }
}
