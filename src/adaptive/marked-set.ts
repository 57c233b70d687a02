import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

const empty = -1
const smallest = 8
const numberMask = 2 ** 29 - 1
const repeatedMark = 2 ** 29
const renewedMark = 2 ** 30

const placeOf = (number: number, mask: number): number => (Math.imul(number, 0x9e3779b1) >>> 7) & mask

/**
 * A bounded set of numbers below 2^29, four bytes a place, each with two marks: seen more than once, and seen of late.
 *
 *   31 empty | 30 renewed | 29 repeated | 28 .. 0 number
 */
export class MarkedSet {
  readonly #capacity: number
  #table = new Int32Array(smallest).fill(empty)
  #size = 0
  #repeated = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#capacity
  }

  /** Members that were not marked as seen more than once. */
  get onceCount(): number {
    return this.#size - this.#repeated
  }

  has(number: number): boolean {
    return this.#table[this.#placeFor(number)] !== empty
  }

  /** Adds a number, seen of late; whether it was new. A full set takes nothing more. */
  add(number: number): boolean {
    if (this.has(number) || this.isFull) return false
    if (this.#size * 4 >= this.#table.length * 3) this.#rebuild(this.#table.length * 2, () => true)
    this.#table[this.#placeFor(number)] = (number & numberMask) | renewedMark
    this.#size += 1
    return true
  }

  renew(number: number): void {
    this.#mark(number, renewedMark)
  }

  /** Marks a member as seen more than once; whether that was news. */
  repeat(number: number): boolean {
    if (!this.#mark(number, repeatedMark)) return false
    this.#repeated += 1
    return true
  }

  /** Drops what was not seen since the last call; how many. */
  expire(): number {
    const before = this.#size
    this.#rebuild(this.#table.length, (entry) => (entry & renewedMark) !== 0)
    for (let place = 0; place < this.#table.length; place += 1) {
      const entry = this.#table[place] as number
      if (entry !== empty) this.#table[place] = entry & ~renewedMark
    }
    return before - this.#size
  }

  write(writer: ByteWriter): void {
    writer.u32(this.#size)
    writer.array(this.#table.filter((entry) => entry !== empty).sort())
  }

  read(reader: ByteReader): void {
    const entries = new Int32Array(reader.count(this.#capacity))
    reader.fill(entries)
    for (const entry of entries) {
      if (entry < 0 || !this.add(entry & numberMask)) throw new RangeError('a member is wrong')
      this.#table[this.#placeFor(entry & numberMask)] = entry
      if ((entry & repeatedMark) !== 0) this.#repeated += 1
    }
  }

  /** Sets a mark; whether the number is a member that did not have it. */
  #mark(number: number, mark: number): boolean {
    const place = this.#placeFor(number)
    const entry = this.#table[place] as number
    if (entry === empty || (entry & mark) !== 0) return false
    this.#table[place] = entry | mark
    return true
  }

  /** Where a number stands, or the empty place where it would. */
  #placeFor(number: number): number {
    const table = this.#table
    const mask = table.length - 1
    let place = placeOf(number & numberMask, mask)
    for (let found = table[place] as number; found !== empty; found = table[place] as number) {
      if ((found & numberMask) === (number & numberMask)) return place
      place = (place + 1) & mask
    }
    return place
  }

  #rebuild(length: number, isKept: (entry: number) => boolean): void {
    const before = this.#table
    this.#table = new Int32Array(length).fill(empty)
    this.#size = 0
    this.#repeated = 0
    for (const entry of before) {
      if (entry === empty || !isKept(entry)) continue
      this.#table[this.#placeFor(entry)] = entry
      this.#size += 1
      if ((entry & repeatedMark) !== 0) this.#repeated += 1
    }
  }
}
