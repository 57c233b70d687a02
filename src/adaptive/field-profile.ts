import { valueTypes } from '../antigen/value-type.ts'
import { NumberSet } from '../core/number-set.ts'
import { Candidates } from './candidates.ts'
import { decodeBits, encodeBits, popCount } from './feature-bits.ts'
import { createFeatureRange, type FeatureRange, widen } from './feature-range.ts'
import {
  aspectOf,
  aspects,
  detectorBase,
  featureCount,
  lengthAspect,
  lengthBase,
  magnitudeAspect,
  shortestOf,
  typeBase,
  valueAspect,
  valueBase,
} from './features.ts'
import type { SavedProfile } from './saved-profile.ts'

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

const words = Math.ceil(featureCount / 32)
/** Sources whose samples are counted per field. */
const maxSources = 256
const maxAlarmSources = 64
const maxSlices = 64
/** A field with more distinct values than this is no enumeration. */
const maxValues = 32
/** Inherited detectors that one field silences; one that reacts to more than this is full of what attacks are made of. */
const maxSilenced = 2_048

/**
 * What one field has shown: its self, and what is on its way there. Of every aspect it knows how often something new
 * turned up, which is what the next novelty is predicted from:
 *
 *   P(new) = (seen once + pending + 1/2) / (samples + 1)     Good 1953, with the prior of Krichevsky and Trofimov 1981
 *
 * where `pending` counts the sightings of what was seen and is not self yet. An open field keeps showing new things and
 * expects more of them; a closed one of n values that showed nothing new expects it once in about 2 n.
 */
export class FieldProfile {
  /** Bit set of the features that are self. */
  readonly self: Uint32Array = new Uint32Array(words)
  /** Those of them that were seen more than once. */
  readonly #repeated: Uint32Array = new Uint32Array(words)
  readonly #onceByAspect: Int32Array = new Int32Array(aspects.length)
  readonly #surprises: Float64Array = new Float64Array(aspects.length)
  #isStale = true
  /** Inherited detectors that react to self. */
  readonly silenced: NumberSet = new NumberSet(maxSilenced)
  readonly #values: NumberSet = new NumberSet(maxValues)
  readonly #repeatedValues: NumberSet = new NumberSet(maxValues)
  /** Has shown too many distinct values to be an enumeration. */
  isOpen = false
  readonly #lengths: FeatureRange = createFeatureRange()
  readonly #magnitudes: FeatureRange = createFeatureRange()
  readonly #candidates: Candidates = new Candidates(aspectOf, aspects.length)
  readonly #samplesBySource = new Map<number, number>()
  readonly #slices = new Set<number>()
  /** Values learned. */
  samples = 0
  /** Learned values in which the frozen scorer saw an attack rather than not. */
  suspicious = 0
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

  /** Whether a feature is self. */
  has(feature: number): boolean {
    if (feature >= valueBase) return this.#values.has(feature - valueBase)
    if (feature >= detectorBase) return this.silenced.has(feature - detectorBase)
    return (((this.self[feature >>> 5] ?? 0) >>> (feature & 31)) & 1) === 1
  }

  /** Distinct values that are self; meaningless in an open field. */
  get valueCount(): number {
    return this.#values.size
  }

  /** Features of whole values that are self, without inherited detectors and values. */
  selfCount(): number {
    let count = 0
    for (const word of this.self) count += popCount(word)
    return count
  }

  /** What its values look like, from the sketches alone: no value of anybody is kept. */
  describe(): string {
    const types = valueTypes.filter((_, index) => this.has(typeBase + index)).slice(0, 3)
    const forms = this.isOpen ? '' : `, one of ${this.#values.size} values`
    const { least, most } = this.#lengths
    const lengths = least === most ? `${shortestOf(least)}` : `${shortestOf(least)} to ${shortestOf(most)}`
    return least === -1 ? '' : `${types.join(' or ')} of ${lengths} characters${forms}`
  }

  /** Surprise of anything new in an aspect, in nats: `-ln P(new)`. */
  surprise(aspect: number): number {
    if (this.#isStale) this.#predict()
    return this.#surprises[aspect] as number
  }

  /** Surprise of a length, in nats; 0 when nothing about it is new. */
  lengthSurprise(feature: number): number {
    return this.#rangeSurprise(this.#lengths, feature, lengthAspect)
  }

  /** Surprise of the size of a number, in nats; 0 for what is no number or nothing new. */
  magnitudeSurprise(feature: number): number {
    return feature === -1 || this.#magnitudes.kinds === 0
      ? 0
      : this.#rangeSurprise(this.#magnitudes, feature, magnitudeAspect)
  }

  /** Takes in one value by its features. Returns true when all of them are self afterwards. */
  learn(features: Iterable<number>, from: Provenance, rule: SupportRule): boolean {
    this.count(from)
    let isSelf = true
    for (const feature of features) {
      if (this.has(feature)) this.#see(feature)
      else if (from.isTrusted || this.#candidates.support(feature, from, rule)) this.#promote(feature, from.isTrusted)
      else isSelf = false
    }
    return isSelf
  }

  /** Counts one value that brings nothing new. */
  count(from: Provenance): void {
    this.samples += 1
    this.quietSamples += 1
    this.#isStale = true
    this.#countSource(from.source)
    if (this.#slices.size < maxSlices) this.#slices.add(from.slice)
    this.hasTrusted ||= from.isTrusted
  }

  /** A person says that a thing is normal here: it is self from now on, as if it had come often. */
  tolerate(feature: number): void {
    this.#isStale = true
    if (feature === valueBase) this.isOpen = true
    else if (!this.has(feature)) this.#promote(feature, false)
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
      self: encodeBits(this.self),
      repeated: encodeBits(this.#repeated),
      silenced: this.silenced.values(),
      values: this.#values.values(),
      repeatedValues: this.#repeatedValues.values(),
      isOpen: this.isOpen,
      lengthRecords: this.#lengths.records,
      magnitudeRecords: this.#magnitudes.records,
      samples: this.samples,
      suspicious: this.suspicious,
      hasTrusted: this.hasTrusted,
      isMature: this.isMature,
      quietSamples: this.quietSamples,
      alarmSources: [...this.#alarmSources],
      sources: [...this.#samplesBySource],
      slices: [...this.#slices],
      candidates: this.#candidates.content(),
    }
  }

  static from(saved: SavedProfile): FieldProfile {
    const profile = new FieldProfile()
    decodeBits(saved.self, profile.self)
    decodeBits(saved.repeated, profile.#repeated)
    for (const detector of saved.silenced) profile.silenced.add(detector)
    for (const value of saved.values) profile.#values.add(value)
    for (const value of saved.repeatedValues) profile.#repeatedValues.add(value)
    profile.isOpen = saved.isOpen
    profile.samples = saved.samples
    profile.suspicious = saved.suspicious
    profile.hasTrusted = saved.hasTrusted
    profile.isMature = saved.isMature
    profile.quietSamples = saved.quietSamples
    for (const source of saved.alarmSources) profile.#alarmSources.add(source)
    for (const [source, count] of saved.sources) profile.#samplesBySource.set(source, count)
    for (const slice of saved.slices) profile.#slices.add(slice)
    profile.#candidates.restore(saved.candidates)
    profile.#recount()
    profile.#lengths.records = saved.lengthRecords
    profile.#magnitudes.records = saved.magnitudeRecords
    return profile
  }

  #predict(): void {
    const { pending } = this.#candidates
    for (let aspect = 0; aspect < aspects.length; aspect += 1) {
      const seen = (this.#onceByAspect[aspect] as number) + (pending[aspect] as number) + 0.5
      this.#surprises[aspect] = Math.max(0, -Math.log(seen / (this.samples + 1)))
    }
    if (this.isOpen) this.#surprises[valueAspect] = 0
    this.#isStale = false
  }

  /**
   * Up to three kinds make a fixed format, of which any other is a novelty. With more, the order counts: only what is
   * beyond the range is new, and new records are what the next one is predicted from (Rényi 1962).
   */
  #rangeSurprise(range: FeatureRange, feature: number, aspect: number): number {
    if (range.kinds <= 3) return this.has(feature) ? 0 : this.surprise(aspect)
    if (feature >= range.least && feature <= range.most) return 0
    return Math.max(0, -Math.log((range.records + 0.5) / (this.samples + 1)))
  }

  /** A feature of self was seen again. */
  #see(feature: number): void {
    if (feature >= valueBase) {
      if (this.#repeatedValues.add(feature - valueBase)) this.#count(valueAspect, -1)
      return
    }
    if (feature >= detectorBase) return
    const word = feature >>> 5
    const bit = 1 << (feature & 31)
    if (((this.#repeated[word] as number) & bit) !== 0) return
    this.#repeated[word] = (this.#repeated[word] as number) | bit
    this.#count(aspectOf(feature), -1)
  }

  /** Makes a feature self. One that needed many witnesses was seen more than once. */
  #promote(feature: number, isFirstSight: boolean): void {
    if (feature >= valueBase) this.#promoteValue(feature - valueBase)
    else if (feature >= detectorBase) {
      this.silenced.add(feature - detectorBase)
      return
    } else {
      this.self[feature >>> 5] = (this.self[feature >>> 5] ?? 0) | (1 << (feature & 31))
      this.#widen(feature)
    }
    this.#count(aspectOf(feature), 1)
    if (!isFirstSight) this.#see(feature)
  }

  #promoteValue(value: number): void {
    if (!this.#values.isFull) this.#values.add(value)
    else this.isOpen = true
  }

  #widen(feature: number): void {
    const aspect = aspectOf(feature)
    if (aspect === lengthAspect) widen(this.#lengths, feature)
    else if (aspect === magnitudeAspect) widen(this.#magnitudes, feature)
  }

  #count(aspect: number, change: number): void {
    this.#onceByAspect[aspect] = (this.#onceByAspect[aspect] as number) + change
    this.#isStale = true
  }

  /** What follows from the bits, after they were loaded. */
  #recount(): void {
    for (let feature = 0; feature < featureCount; feature += 1) {
      if (!this.has(feature)) continue
      if (feature >= lengthBase) this.#widen(feature)
      const isRepeated = (((this.#repeated[feature >>> 5] as number) >>> (feature & 31)) & 1) === 1
      if (!isRepeated) this.#count(aspectOf(feature), 1)
    }
    this.#count(valueAspect, this.#values.size - this.#repeatedValues.size)
  }

  #countSource(source: number): void {
    const known = this.#samplesBySource.get(source)
    if (known === undefined && this.#samplesBySource.size >= maxSources) return
    this.#samplesBySource.set(source, (known ?? 0) + 1)
  }
}
