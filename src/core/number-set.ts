const empty = -1
const smallest = 16

/** Spreads neighbouring numbers over the table. */
const placeOf = (number: number, mask: number): number => (Math.imul(number, 0x9e3779b1) >>> 7) & mask

/**
 * A bounded set of whole numbers from 0 to 2^31 - 1 in one typed array: 8 to 16 bytes a member, no allocation to ask it.
 * Open addressing with linear probing, at most half full.
 */
export class NumberSet {
  readonly #capacity: number
  #table = new Int32Array(smallest).fill(empty)
  #size = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#capacity
  }

  has(number: number): boolean {
    const table = this.#table
    const mask = table.length - 1
    let place = placeOf(number, mask)
    for (let found = table[place] as number; found !== empty; found = table[place] as number) {
      if (found === number) return true
      place = (place + 1) & mask
    }
    return false
  }

  /** Whether the number was new. A full set takes nothing more. */
  add(number: number): boolean {
    if (this.has(number) || this.isFull) return false
    if (this.#size * 2 >= this.#table.length) this.#grow()
    this.#put(number)
    this.#size += 1
    return true
  }

  values(): number[] {
    return [...this.#table.filter((number) => number !== empty)].sort((a, b) => a - b)
  }

  #put(number: number): void {
    const mask = this.#table.length - 1
    let place = placeOf(number, mask)
    while (this.#table[place] !== empty) place = (place + 1) & mask
    this.#table[place] = number
  }

  #grow(): void {
    const before = this.#table
    this.#table = new Int32Array(before.length * 2).fill(empty)
    for (const number of before) if (number !== empty) this.#put(number)
  }
}
