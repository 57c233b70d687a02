import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { popCount } from './pop-count.ts'
import type { Provenance, SupportRule } from './support.ts'

/** Places of one bucket: a feature is looked for nowhere else. */
const ways = 5
const fewestBuckets = 4
/** A field keeps up to 640 candidates in 8 KB. */
const mostBuckets = 128
/** Distinct sources are told apart by so many bits; two that share one count as one. */
const sourceBits = 16
/** More would hardly ever be told apart. */
const mostSources = 12
const most = 255
const bytesPerPlace = 12
/** Most profiles of a mature service have no candidates. */
const none = { keys: new Uint32Array(0), halves: new Uint16Array(0), bytes: new Uint8Array(0) }

/**
 * What one field has shown and too few have confirmed yet. A place of twelve bytes for each feature, in buckets; when one
 * is full, the feature with the fewest sources leaves, of several the one that was not seen for longest: a source that
 * floods a field with novelties only displaces its own.
 *
 *   key 4 | sources 2 | established sources 2 | last slice 2 | slices and sources new in the last one 1 | sightings 1
 */
export class Candidates {
  #keys: Uint32Array = none.keys
  #sources: Uint16Array = none.halves
  #established: Uint16Array = none.halves
  #lastSlice: Uint16Array = none.halves
  #slices: Uint8Array = none.bytes
  /** Requests that differed in anything, and showed the feature. 0 marks an empty place. */
  #sightings: Uint8Array = none.bytes
  /** Sightings by aspect of what is still a candidate, forgotten ones included; one a source counts. */
  readonly pending: number[]
  readonly #aspectOf: (feature: number) => number
  size = 0

  /** `aspectOf` numbers the aspects below `aspectCount`; -1 for what predicts nothing. */
  constructor(aspectOf: (feature: number) => number, aspectCount: number) {
    this.#aspectOf = aspectOf
    this.pending = Array.from({ length: aspectCount }, () => 0)
  }

  /**
   * Counts one sighting. Returns 0 while the feature is a candidate; else it is self from now on, and the result tells in
   * how many distinct requests it was seen.
   */
  support(feature: number, from: Provenance, rule: SupportRule): number {
    const place = this.#placeFor(feature >>> 0)
    const before = this.#sources[place] as number
    this.#witness(place, from, rule)
    const isNewSource = this.#sources[place] !== before
    const sightings = this.#sightings[place] as number
    if (from.isRepeat !== true || sightings === 0) this.#sightings[place] = Math.min(most, sightings + 1)
    if (isNewSource) this.#expect(feature, 1)
    if (!this.#isSupported(place, rule)) return 0
    this.#expect(feature, -popCount(this.#sources[place] as number))
    const seen = this.#sightings[place] as number
    this.#clear(place)
    return seen
  }

  /** Forgets everything that was on its way. */
  clear(): void {
    this.#resize(0)
    this.pending.fill(0)
    this.size = 0
  }

  write(writer: ByteWriter): void {
    for (const count of this.pending) writer.f64(count)
    writer.u32(this.#keys.length)
    for (const part of this.#parts()) writer.array(part)
  }

  read(reader: ByteReader): void {
    for (let aspect = 0; aspect < this.pending.length; aspect += 1) this.pending[aspect] = reader.f64()
    const places = reader.count(ways * mostBuckets)
    const buckets = places / ways
    if (!Number.isInteger(buckets) || (buckets & (buckets - 1)) !== 0) throw new RangeError(`${places} places`)
    this.#resize(places)
    for (const part of this.#parts()) reader.fill(part)
    this.size = this.#sightings.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  }

  #parts(): readonly (Uint8Array | Uint16Array | Uint32Array)[] {
    return [this.#keys, this.#sources, this.#established, this.#lastSlice, this.#slices, this.#sightings]
  }

  /**
   * Of the sources that turn up within one slice only as many count as it takes to reach the minimum over all slices: a
   * burst from many addresses is one witness, not many. Sources that have been known for longer are counted apart.
   */
  #witness(place: number, from: Provenance, rule: SupportRule): void {
    const slice = from.slice & 0xffff
    const slices = (this.#slices[place] as number) >>> 4
    let newInSlice = (this.#slices[place] as number) & 15
    // Time runs on: a slice that is older than the last one is no new one.
    const isNewSlice = slices === 0 || ((slice - (this.#lastSlice[place] as number) - 1) & 0xffff) < 0x7fff
    if (isNewSlice) newInSlice = 0
    const bit = 1 << ((from.source ^ (from.source >>> 16)) & (sourceBits - 1))
    const quota = Math.ceil(rule.minSources / rule.minSlices)
    if (((this.#sources[place] as number) & bit) === 0 && newInSlice < Math.min(15, quota)) {
      this.#sources[place] = (this.#sources[place] as number) | bit
      newInSlice += 1
    }
    if (from.isEstablished === true) this.#established[place] = (this.#established[place] as number) | bit
    if (isNewSlice) this.#lastSlice[place] = slice
    this.#slices[place] = (Math.min(15, slices + (isNewSlice ? 1 : 0)) << 4) | newInSlice
  }

  #isSupported(place: number, rule: SupportRule): boolean {
    if (popCount(this.#established[place] as number) >= rule.minEstablished) return true
    const minSources = Math.min(mostSources, rule.minSources)
    return (
      popCount(this.#sources[place] as number) >= minSources &&
      (this.#slices[place] as number) >>> 4 >= Math.min(15, rule.minSlices)
    )
  }

  #expect(feature: number, change: number): void {
    const aspect = this.#aspectOf(feature)
    if (aspect !== -1) this.pending[aspect] = Math.max(0, (this.pending[aspect] as number) + change)
  }

  /** The place of a feature; where it has none, one is made free for it. */
  #placeFor(key: number): number {
    if (this.#keys.length === 0) this.#resize(ways * fewestBuckets)
    const first = this.#bucketOf(key)
    let free = -1
    for (let place = first; place < first + ways; place += 1) {
      if (this.#sightings[place] === 0) free = place
      else if (this.#keys[place] === key) return place
    }
    if (free === -1 && this.#keys.length < ways * mostBuckets) {
      this.#grow()
      return this.#placeFor(key)
    }
    if (free === -1) free = this.#leastKnown(first)
    if (this.#sightings[free] !== 0) this.#clear(free)
    this.#keys[free] = key
    this.size += 1
    return free
  }

  #bucketOf(key: number): number {
    return ways * ((Math.imul(key, 0x9e3779b1) >>> 16) & (this.#keys.length / ways - 1))
  }

  #leastKnown(first: number): number {
    let least = first
    for (let place = first + 1; place < first + ways; place += 1) {
      const fewer = popCount(this.#sources[place] as number) - popCount(this.#sources[least] as number)
      if (fewer < 0 || (fewer === 0 && (this.#lastSlice[place] as number) < (this.#lastSlice[least] as number))) {
        least = place
      }
    }
    return least
  }

  #clear(place: number): void {
    for (const part of this.#parts()) part[place] = 0
    this.size -= 1
  }

  #resize(places: number): void {
    const room = new ArrayBuffer(bytesPerPlace * places)
    this.#keys = new Uint32Array(room, 0, places)
    this.#sources = new Uint16Array(room, 4 * places, places)
    this.#established = new Uint16Array(room, 6 * places, places)
    this.#lastSlice = new Uint16Array(room, 8 * places, places)
    this.#slices = new Uint8Array(room, 10 * places, places)
    this.#sightings = new Uint8Array(room, 11 * places, places)
  }

  /** Twice the buckets: each feature stays or moves to the one bucket that took half of its own. */
  #grow(): void {
    const before = this.#parts()
    const [keys, , , , , sightings] = before
    const places = this.#keys.length
    this.#resize(places * 2)
    const after = this.#parts()
    for (let place = 0; place < places; place += 1) {
      if (sightings?.[place] === 0) continue
      let target = this.#bucketOf(keys?.[place] as number)
      while (this.#sightings[target] !== 0) target += 1
      for (const [index, part] of after.entries()) part[target] = before[index]?.[place] as number
    }
  }
}
