import type { Provenance, SupportRule } from './field-profile.ts'

/** A feature that was seen and is not self yet. */
type Candidate = { readonly sources: number[]; readonly slices: number[]; newInSlice: number; sightings: number }

export type SavedCandidate = [
  feature: number,
  sources: number[],
  slices: number[],
  newInSlice: number,
  sightings: number,
]

/** Candidates a field keeps; the oldest leave first. */
const maxCandidates = 384

/** What one field has shown and nobody else has confirmed yet. */
export class Candidates {
  readonly #candidates = new Map<number, Candidate>()
  /** Sightings by aspect of what is still a candidate, forgotten ones included. */
  readonly pending: Int32Array
  readonly #aspectOf: (feature: number) => number

  /** `aspectOf` numbers the aspects below `aspectCount`; -1 for what predicts nothing. */
  constructor(aspectOf: (feature: number) => number, aspectCount: number) {
    this.#aspectOf = aspectOf
    this.pending = new Int32Array(aspectCount)
  }

  get size(): number {
    return this.#candidates.size
  }

  /** Counts one sighting; whether it was the one that makes the feature self. */
  support(feature: number, from: Provenance, rule: SupportRule): boolean {
    let candidate = this.#candidates.get(feature)
    if (candidate === undefined) {
      if (this.#candidates.size >= maxCandidates) this.#dropOldest()
      candidate = { sources: [], slices: [], newInSlice: 0, sightings: 0 }
      this.#candidates.set(feature, candidate)
    }
    candidate.sightings += 1
    this.#count(feature, 1)
    countSupport(candidate, from, rule)
    const isSupported = candidate.sources.length >= rule.minSources && candidate.slices.length >= rule.minSlices
    if (isSupported) {
      this.#count(feature, -candidate.sightings)
      this.#candidates.delete(feature)
    }
    return isSupported
  }

  content(): SavedCandidate[] {
    return [...this.#candidates].map(([feature, { sources, slices, newInSlice, sightings }]) => [
      feature,
      sources,
      slices,
      newInSlice,
      sightings,
    ])
  }

  restore(saved: readonly SavedCandidate[]): void {
    for (const [feature, sources, slices, newInSlice, sightings] of saved) {
      this.#candidates.set(feature, { sources, slices, newInSlice, sightings })
      this.#count(feature, sightings)
    }
  }

  #count(feature: number, change: number): void {
    const aspect = this.#aspectOf(feature)
    if (aspect !== -1) this.pending[aspect] = (this.pending[aspect] as number) + change
  }

  #dropOldest(): void {
    for (const feature of this.#candidates.keys()) {
      this.#candidates.delete(feature)
      return
    }
  }
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
