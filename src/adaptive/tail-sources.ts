/** Sources are told apart by so many places; two that share one count as one. */
const places = 64

/** Foreign-looking requests of one place, and by how much they were beyond the threshold, in log-odds. */
export type SavedTailSource = [above: number, excess: number]

/**
 * What looked foreign in a service's ordinary traffic, by source. The sources that gave most count no more than the one
 * after them (winsorised sums: Dixon 1960): however foreign the requests of a few are, they cannot make foreign requests
 * ordinary, and where everybody sends such requests nothing is lost.
 */
export class TailSources {
  readonly #above = new Float64Array(places)
  readonly #excess = new Float64Array(places)
  readonly #capped: number

  /** `capped`: so many sources, one less than it takes to be believed, count no more than the next. */
  constructor(capped: number) {
    this.#capped = Math.min(capped, places - 1)
  }

  add(source: number, excess: number): void {
    const place = (source ^ (source >>> 16)) & (places - 1)
    this.#above[place] = (this.#above[place] as number) + 1
    this.#excess[place] = (this.#excess[place] as number) + excess
  }

  /** Requests counted, and their excess in all, in log-odds. */
  totals(): { readonly above: number; readonly excess: number } {
    return { above: winsorisedSum(this.#above, this.#capped), excess: winsorisedSum(this.#excess, this.#capped) }
  }

  /** Older requests count half, and `growth` log-odds higher. */
  fade(growth: number): void {
    for (let place = 0; place < places; place += 1) {
      const above = this.#above[place] as number
      this.#excess[place] = ((this.#excess[place] as number) + above * growth) / 2
      this.#above[place] = above / 2
    }
  }

  toJSON(): SavedTailSource[] {
    const isEmpty = this.#above.every((above) => above === 0)
    return isEmpty ? [] : [...this.#above].map((above, place) => [above, this.#excess[place] as number])
  }

  restore(saved: readonly SavedTailSource[]): void {
    for (let place = 0; place < places; place += 1) {
      const [above, excess] = saved[place] ?? [0, 0]
      this.#above[place] = above
      this.#excess[place] = excess
    }
  }
}

function winsorisedSum(values: Float64Array, capped: number): number {
  const cap = Float64Array.from(values).sort()[values.length - 1 - capped] as number
  let sum = 0
  for (const value of values) sum += Math.min(value, cap)
  return sum
}
