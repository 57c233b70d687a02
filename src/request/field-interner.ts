import type { Field } from './field.ts'

/** Longest value that is kept, in characters. */
const maxLength = 256
/** Values kept per field, and for all fields together. */
const maxPerField = 256
const maxKept = 65_536
/** After so many values that were not there, a field has to show that keeping pays. */
const trialMisses = 512
/** Values of a field that does not repeat itself are not looked up again for so many lookups. */
const restLookups = 16_384

type Shelf = { readonly fields: Map<string, Field>; hits: number; misses: number; resting: number }

/**
 * Keeps the fields that requests bring again and again: header values, enumerations, flags. A kept field is the very
 * object that reading the value anew would make, so that nothing is decoded twice, and carries a number (`memo`) under
 * which layers may note what they found. Fields that hardly ever repeat (ids, tokens) are soon left alone.
 */
export class FieldInterner {
  readonly #shelves: (Shelf | undefined)[] = []
  #kept = 0
  #lastMemo = 0

  /** The field of a known slot for a value as it came, if it is kept. */
  find(slot: number, raw: string): Field | undefined {
    const shelf = this.#shelves[slot]
    if (shelf === undefined) return undefined
    if (shelf.resting > 0) {
      shelf.resting -= 1
      return undefined
    }
    const field = shelf.fields.get(raw)
    if (field !== undefined) {
      shelf.hits += 1
      return field
    }
    shelf.misses += 1
    if (shelf.misses >= trialMisses) this.#judge(shelf)
    return undefined
  }

  /** Number for a field that is about to be kept; 0 when it would not be. */
  memoFor(slot: number, raw: string): number {
    if (raw.length > maxLength || this.#kept >= maxKept) return 0
    const shelf = this.#shelves[slot]
    if (shelf !== undefined && (shelf.resting > 0 || shelf.fields.size >= maxPerField)) return 0
    this.#lastMemo += 1
    return this.#lastMemo
  }

  keep(raw: string, field: Field): void {
    let shelf = this.#shelves[field.slot]
    if (shelf === undefined) {
      shelf = { fields: new Map(), hits: 0, misses: 0, resting: 0 }
      this.#shelves[field.slot] = shelf
    }
    shelf.fields.set(raw, field)
    this.#kept += 1
  }

  /** A field that repeats itself starts a new trial; another one is cleared and rests. */
  #judge(shelf: Shelf): void {
    if (shelf.hits < shelf.misses) shelf.resting = restLookups
    if (shelf.hits < shelf.misses || shelf.fields.size >= maxPerField) {
      this.#kept -= shelf.fields.size
      shelf.fields.clear()
    }
    shelf.hits = 0
    shelf.misses = 0
  }
}
