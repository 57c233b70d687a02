import { BoundedMap } from '../core/bounded-map.ts'

/** What is known of one source that sends what could be learned. */
type Source = {
  /** Time slices in which it was learned from, and the last of them. */
  slices: number
  lastSlice: number
  /** Places where it showed what self never did, since `foundSince`. */
  readonly places: Set<number>
  foundSince: number
  excludedUntil: number
}

const maxSources = 10_000
/** Slices within which findings add up. */
const foundWithin = 2
/** A source that was found out in so many distinct places is a scanner. */
const minPlaces = 3
/** Slices for which a scanner teaches nothing: a day, at twenty minutes each. */
const excludedFor = 72
/** Of the sources known for longer no larger share is excluded: what many of them send is a change, not a scan. */
const maxExcludedShare = 0.1

/**
 * The sources that are learned from, by their hash: how long they have been known, and which of them teach nothing for a
 * while. Bounded, and in memory only: after a restart everybody is a stranger again.
 */
export class SourceBook {
  readonly #minSlices: number
  readonly #sources = new BoundedMap<number, Source>(maxSources)
  #established = 0
  #excluded = 0

  constructor(minSlices: number) {
    this.#minSlices = minSlices
  }

  /** A request of the source was admitted. */
  visit(source: number, slice: number): void {
    const known = this.#sourceOf(source)
    if (known.lastSlice === slice) return
    known.slices += 1
    known.lastSlice = slice
    if (known.slices === this.#minSlices) this.#established += 1
  }

  /** Whether the source was learned from in enough slices. */
  isEstablished(source: number): boolean {
    const known = this.#sources.get(source)
    return known !== undefined && known.slices >= this.#minSlices
  }

  isExcluded(source: number, slice: number): boolean {
    const known = this.#sources.peek(source)
    return known !== undefined && slice < known.excludedUntil && slice >= known.excludedUntil - excludedFor
  }

  /** The source sent something foreign to that place. */
  accuse(source: number, place: number, slice: number): void {
    const known = this.#sourceOf(source)
    if (slice - known.foundSince >= foundWithin || slice < known.foundSince) {
      known.places.clear()
      known.foundSince = slice
    }
    if (known.places.size < minPlaces) known.places.add(place)
    if (known.places.size < minPlaces || this.isExcluded(source, slice)) return
    if (known.slices >= this.#minSlices) {
      if (this.#excluded >= this.#established * maxExcludedShare) return
      this.#excluded += 1
    }
    known.excludedUntil = slice + excludedFor
  }

  /** To be called once in a while: exclusions that ended make room. */
  sweep(slice: number): void {
    this.#excluded = 0
    this.#established = 0
    for (const [source, { slices }] of this.#sources.entries()) {
      if (slices < this.#minSlices) continue
      this.#established += 1
      if (this.isExcluded(source, slice)) this.#excluded += 1
    }
  }

  #sourceOf(source: number): Source {
    const known = this.#sources.get(source)
    if (known !== undefined) return known
    const made: Source = { slices: 0, lastSlice: -1, places: new Set(), foundSince: 0, excludedUntil: 0 }
    this.#sources.set(source, made)
    return made
  }
}
