/** Entries looked at before the oldest one leaves anyway: keeps the cost of one insertion bounded. */
const maxChances = 32

type Entry<V> = { value: V; wasUsed: boolean }

/**
 * A map with a cap for keys that a client chooses. When it is full, an entry leaves that was not used of late (second
 * chance, Corbato 1968): reading only sets a mark, which costs far less than keeping an exact order. How many left is
 * counted, so that nothing is dropped silently.
 *
 *   oldest -> [k1 used] [k2] [k3] <- newest        set(k4) at capacity 3 gives k1 its second chance and drops k2
 */
export class BoundedMap<K, V> {
  readonly capacity: number
  readonly #entries = new Map<K, Entry<V>>()
  readonly #onDrop: ((key: K, value: V) => void) | undefined
  #dropped = 0

  constructor(capacity: number, onDrop?: (key: K, value: V) => void) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity is ${capacity}, expected a whole number of at least 1`)
    }
    this.capacity = capacity
    this.#onDrop = onDrop
  }

  get size(): number {
    return this.#entries.size
  }

  /** How many entries left because the map was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** Reads and marks as used. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.wasUsed = true
    return entry.value
  }

  /** Reads without a mark. */
  peek(key: K): V | undefined {
    return this.#entries.get(key)?.value
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  /** Puts an entry in the newest place. */
  set(key: K, value: V): void {
    if (!this.#entries.delete(key) && this.#entries.size >= this.capacity) this.#dropOne()
    this.#entries.set(key, { value, wasUsed: false })
  }

  delete(key: K): boolean {
    return this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  *entries(): IterableIterator<[K, V]> {
    for (const [key, { value }] of this.#entries) yield [key, value]
  }

  *values(): IterableIterator<V> {
    for (const { value } of this.#entries.values()) yield value
  }

  #dropOne(): void {
    let chances = 0
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key)
      if (entry.wasUsed && chances < maxChances) {
        chances += 1
        entry.wasUsed = false
        this.#entries.set(key, entry)
        continue
      }
      this.#dropped += 1
      this.#onDrop?.(key, entry.value)
      return
    }
  }
}
