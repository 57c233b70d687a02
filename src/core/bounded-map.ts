/**
 * A map with a cap for keys that a client chooses. The least recently touched entry leaves first; how many left is
 * counted, so that nothing is dropped silently.
 *
 *   oldest -> [k1] [k2] [k3] <- newest        set(k4) at capacity 3 drops k1
 */
export class BoundedMap<K, V> {
  readonly capacity: number
  readonly #entries = new Map<K, V>()
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

  /** Reads and marks as recently used. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  /** Reads without changing the order. */
  peek(key: K): V | undefined {
    return this.#entries.get(key)
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  set(key: K, value: V): void {
    if (!this.#entries.delete(key) && this.#entries.size >= this.capacity) this.#dropOldest()
    this.#entries.set(key, value)
  }

  delete(key: K): boolean {
    return this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries()
  }

  values(): IterableIterator<V> {
    return this.#entries.values()
  }

  #dropOldest(): void {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key)
      this.#dropped += 1
      this.#onDrop?.(key, value)
      return
    }
  }
}
