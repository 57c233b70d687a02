import { BoundedMap } from '../core/bounded-map.ts'
import type { FieldProfile } from './field-profile.ts'

/** Sources that were known for longer, and sent what a mature profile calls foreign. */
type News = { since: number; readonly sources: Set<number> }

const maxWatched = 1_000
/** Slices within which the sources must turn up. */
const within = 2
/** Share of a profile's sources that must show news; of many sources, so many are enough. */
const minShare = 0.2
const enough = 24

/**
 * Tells an attack from a change of the API: what many sources send that have been well known for longer is a change.
 * A profile that changes watches again until it is quiet. Strangers have no say, however many they are.
 */
export class DriftWatch {
  readonly #minSources: number
  readonly #watched = new BoundedMap<FieldProfile, News>(maxWatched)

  constructor(minSources: number) {
    this.#minSources = minSources
  }

  /** An established source sent what this mature profile calls foreign. Whether it goes back to learning by that. */
  note(profile: FieldProfile, source: number, slice: number): boolean {
    let news = this.#watched.get(profile)
    if (news === undefined || slice - news.since >= within || slice < news.since) {
      news = { since: slice, sources: new Set() }
      this.#watched.set(profile, news)
    }
    news.sources.add(source)
    if (news.sources.size < this.#needed(profile)) return false
    this.#watched.delete(profile)
    profile.relearn()
    return true
  }

  #needed(profile: FieldProfile): number {
    return Math.max(this.#minSources, Math.min(enough, Math.ceil(profile.sources * minShare)))
  }
}
