import { featureCount } from './features.ts'

/** How much must speak for a thing before it is self. */
export type SupportRule = {
  readonly minSources: number
  readonly minSlices: number
}

/** Where a sample comes from. A trusted one (a person's word, a trusted address) is support enough by itself. */
export type Provenance = {
  /** Hash of the distinct source. */
  readonly source: number
  readonly slice: number
  readonly isTrusted: boolean
}

/** A feature that was seen and is not self yet. */
type Candidate = { readonly sources: number[]; readonly slices: number[]; newInSlice: number }

const words = Math.ceil(featureCount / 32)
/** Candidates a field keeps; the oldest leave first. */
const maxCandidates = 384
/** Sources whose samples are counted per field. */
const maxSources = 256
const maxAlarmSources = 64
const maxSlices = 64

/** What one field has shown: its self as a bit set over features, and what is on its way there. */
export class FieldProfile {
  /** Bit set of the features that are self. */
  readonly self: Uint32Array = new Uint32Array(words)
  readonly #candidates = new Map<number, Candidate>()
  readonly #samplesBySource = new Map<number, number>()
  readonly #slices = new Set<number>()
  /** Values learned. */
  samples = 0
  /** Learned values that brought at least one feature which was not self: what Good and Turing estimate novelty from. */
  novelties = 0
  hasTrusted = false
  /** Set once by maturity and never taken back by traffic: else anybody could send a mature profile back to school. */
  isMature = false
  /** Values in a row that would have raised no false alarm: what a profile must show before it may act. */
  quietSamples = 0
  readonly #alarmSources = new Set<number>()

  get sources(): number {
    return this.#samplesBySource.size
  }

  get slices(): number {
    return this.#slices.size
  }

  /** Samples that a source has given so far. */
  samplesOf(source: number): number {
    return this.#samplesBySource.get(source) ?? 0
  }

  has(feature: number): boolean {
    return (((this.self[feature >>> 5] ?? 0) >>> (feature & 31)) & 1) === 1
  }

  /** Chunks, types and lengths that are self. */
  selfCount(): number {
    let count = 0
    for (const word of this.self) count += popCount(word)
    return count
  }

  /** Takes in one value by its features. Returns true when all of them are self afterwards. */
  learn(features: Iterable<number>, from: Provenance, rule: SupportRule): boolean {
    this.count(from)
    let isSelf = true
    let isNovel = false
    for (const feature of features) {
      if (this.has(feature)) continue
      isNovel = true
      if (from.isTrusted || this.#support(feature, from, rule)) this.#promote(feature)
      else isSelf = false
    }
    if (isNovel) this.novelties += 1
    return isSelf
  }

  /** Counts one value that brings nothing new. */
  count(from: Provenance): void {
    this.samples += 1
    this.quietSamples += 1
    this.#countSource(from.source)
    if (this.#slices.size < maxSlices) this.#slices.add(from.slice)
    this.hasTrusted ||= from.isTrusted
  }

  /** A value of ordinary traffic would have been called foreign. Each source is heard once, so that none can stall. */
  alarm(source: number): void {
    if (this.#alarmSources.has(source) || this.#alarmSources.size >= maxAlarmSources) return
    this.#alarmSources.add(source)
    this.quietSamples = 0
  }

  /** Saved form: bits, counts and candidates. */
  toJSON(): SavedProfile {
    return {
      self: Buffer.from(this.self.buffer).toString('base64'),
      samples: this.samples,
      novelties: this.novelties,
      hasTrusted: this.hasTrusted,
      isMature: this.isMature,
      quietSamples: this.quietSamples,
      alarmSources: [...this.#alarmSources],
      sources: [...this.#samplesBySource],
      slices: [...this.#slices],
      candidates: [...this.#candidates].map(([feature, { sources, slices, newInSlice }]) => [
        feature,
        sources,
        slices,
        newInSlice,
      ]),
    }
  }

  static from(saved: SavedProfile): FieldProfile {
    const profile = new FieldProfile()
    const bytes = Buffer.from(saved.self, 'base64')
    new Uint8Array(profile.self.buffer).set(bytes.subarray(0, profile.self.byteLength))
    profile.samples = saved.samples
    profile.novelties = saved.novelties
    profile.hasTrusted = saved.hasTrusted
    profile.isMature = saved.isMature
    profile.quietSamples = saved.quietSamples
    for (const source of saved.alarmSources) profile.#alarmSources.add(source)
    for (const [source, count] of saved.sources) profile.#samplesBySource.set(source, count)
    for (const slice of saved.slices) profile.#slices.add(slice)
    for (const [feature, sources, slices, newInSlice] of saved.candidates) {
      profile.#candidates.set(feature, { sources, slices, newInSlice })
    }
    return profile
  }

  #countSource(source: number): void {
    const known = this.#samplesBySource.get(source)
    if (known === undefined && this.#samplesBySource.size >= maxSources) return
    this.#samplesBySource.set(source, (known ?? 0) + 1)
  }

  #support(feature: number, from: Provenance, rule: SupportRule): boolean {
    let candidate = this.#candidates.get(feature)
    if (candidate === undefined) {
      if (this.#candidates.size >= maxCandidates) this.#dropOldestCandidate()
      candidate = { sources: [], slices: [], newInSlice: 0 }
      this.#candidates.set(feature, candidate)
    }
    countSupport(candidate, from, rule)
    return candidate.sources.length >= rule.minSources && candidate.slices.length >= rule.minSlices
  }

  #promote(feature: number): void {
    this.self[feature >>> 5] = (this.self[feature >>> 5] ?? 0) | (1 << (feature & 31))
    this.#candidates.delete(feature)
  }

  #dropOldestCandidate(): void {
    for (const feature of this.#candidates.keys()) {
      this.#candidates.delete(feature)
      return
    }
  }
}

export type SavedProfile = {
  readonly self: string
  readonly samples: number
  readonly novelties: number
  readonly hasTrusted: boolean
  readonly isMature: boolean
  readonly quietSamples: number
  readonly alarmSources: number[]
  readonly sources: [source: number, count: number][]
  readonly slices: number[]
  readonly candidates: [feature: number, sources: number[], slices: number[], newInSlice: number][]
}

/**
 * Counts a source and a slice. Of the sources that turn up within one slice only as many count as it takes to reach the
 * minimum over all slices: a burst from many addresses is one witness, not many.
 */
function countSupport(candidate: Candidate, from: Provenance, rule: SupportRule): void {
  const { sources, slices } = candidate
  if (!slices.includes(from.slice) && slices.length < rule.minSlices) {
    slices.push(from.slice)
    candidate.newInSlice = 0
  }
  if (sources.length >= rule.minSources || sources.includes(from.source)) return
  if (candidate.newInSlice >= Math.ceil(rule.minSources / rule.minSlices)) return
  candidate.newInSlice += 1
  sources.push(from.source)
}

function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
