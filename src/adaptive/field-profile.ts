import { valueTypes } from '../antigen/value-type.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { Candidates } from './candidates.ts'
import type { FeatureRange } from './feature-range.ts'
import {
  aspectOf,
  aspects,
  lengthAspect,
  magnitudeAspect,
  shortestOf,
  typeBase,
  valueAspect,
  valueBase,
} from './features.ts'
import type { MarkedSet } from './marked-set.ts'
import { surpriseOf } from './novelty.ts'
import { SelfSet } from './self-set.ts'
import { SourceSketch } from './source-sketch.ts'
import type { Provenance, SupportRule } from './support.ts'

const maxAlarmSources = 32

/**
 * What one field has shown: its self, and what is on its way there. Of every aspect it knows how often something new
 * turned up, which is what the next novelty is predicted from:
 *
 *   P(new) = (seen once + pending + 1/2) / (evidence + 1)     Good 1953, with the prior of Krichevsky and Trofimov 1981
 *
 * where `pending` counts the sightings of what was seen and is not self yet. An open field keeps showing new things and
 * expects more of them; a closed one of n values that showed nothing new expects it once in about 2 n.
 */
export class FieldProfile {
  readonly #set: SelfSet = new SelfSet()
  /** Bit set of the features that are self. */
  readonly self: Uint32Array = this.#set.bits
  /** Inherited detectors that react to self. */
  readonly silenced: MarkedSet = this.#set.silenced
  readonly #surprises: number[] = aspects.map(() => 0)
  #isStale = true
  readonly #candidates: Candidates = new Candidates(aspectOf, aspects.length)
  readonly #sources: SourceSketch = new SourceSketch()
  /** Time slices in which it was seen, and the last of them. */
  slices = 0
  #lastSlice = -1
  /** Values learned. */
  samples = 0
  /**
   * Distinct requests of a day among them: what novelties are predicted from. The same request again, however often and
   * by whomever, says nothing about what else might come (types, not tokens: Goldwater, Griffiths and Johnson 2006).
   */
  evidence = 0
  /** Values learned when `expire` was called last. */
  #samplesAtExpiry = 0
  /** Learned values in which the frozen scorer saw an attack rather than not. */
  suspicious = 0
  hasTrusted = false
  /** Set once by maturity; only `relearn` takes it back, never what a few sources send. */
  isMature = false
  /** Whether it acted before and watches again, because much of its traffic has changed. */
  isRelearning = false
  /** Values in a row that would have raised no false alarm: what a profile must show before it may act. */
  quietSamples = 0
  readonly #alarmSources: number[] = []

  get sources(): number {
    return this.#sources.distinct
  }

  /** Samples that a source has given of late, or somewhat more; of `countedSamples`. */
  samplesOf(source: number): number {
    return this.#sources.of(source)
  }

  /** Values behind what `samplesOf` counts. */
  get countedSamples(): number {
    return this.#sources.total
  }

  /** Whether a feature is self. */
  has(feature: number): boolean {
    return this.#set.has(feature)
  }

  /** Whether it has shown too many distinct values to be an enumeration. */
  get isOpen(): boolean {
    return this.#set.isOpen
  }

  /** Features of whole values that are self, without inherited detectors and values. */
  selfCount(): number {
    return this.#set.count()
  }

  /** What its values look like, from the sketches alone: no value of anybody is kept. */
  describe(): string {
    const types = valueTypes.filter((_, index) => this.has(typeBase + index)).slice(0, 3)
    const forms = this.isOpen ? '' : `, one of ${this.#set.values.size} values`
    const { least, most } = this.#set.lengths
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
    return this.#rangeSurprise(this.#set.lengths, feature, lengthAspect)
  }

  /** Surprise of the size of a number, in nats; 0 for what is no number or nothing new. */
  magnitudeSurprise(feature: number): number {
    return feature === -1 || this.#set.magnitudes.kinds === 0
      ? 0
      : this.#rangeSurprise(this.#set.magnitudes, feature, magnitudeAspect)
  }

  /** Takes in one value by its features. Returns true when all of them are self afterwards. */
  learn(features: Iterable<number>, from: Provenance, rule: SupportRule): boolean {
    this.count(from)
    if (from.isRepeat !== true) this.evidence += 1
    return this.take(features, from, rule)
  }

  /** The same without counting a value: for what has parts of many values. */
  take(features: Iterable<number>, from: Provenance, rule: SupportRule): boolean {
    let isSelf = true
    this.#isStale = true
    for (const feature of features) {
      if (this.has(feature)) this.#set.see(feature, from.isRepeat !== true)
      else if (from.isTrusted) this.#set.promote(feature, 1)
      else {
        const sightings = this.#candidates.support(feature, from, rule)
        if (sightings > 0) this.#set.promote(feature, sightings)
        else isSelf = false
      }
    }
    return isSelf
  }

  /** Counts one value that says nothing. */
  count(from: Provenance): void {
    this.samples += 1
    this.quietSamples += 1
    this.#isStale = true
    this.#sources.add(from.source)
    if (from.slice > this.#lastSlice) {
      this.slices += 1
      this.#lastSlice = from.slice
    }
    this.hasTrusted ||= from.isTrusted
  }

  /** Watches again until it has been quiet for as long as it took at first. */
  relearn(): void {
    this.isMature = false
    this.isRelearning = true
    this.quietSamples = 0
    this.#alarmSources.length = 0
  }

  /**
   * Forgets what was not seen since the last call, provided that there was enough traffic meanwhile to show it. How many
   * features are no longer self.
   */
  expire(minSamples: number): number {
    if (this.samples - this.#samplesAtExpiry < minSamples) return 0
    this.#samplesAtExpiry = this.samples
    this.#isStale = true
    this.#candidates.clear()
    return this.#set.expire()
  }

  /** A person says that a thing is normal here: it is self from now on, as if it had come often. */
  tolerate(feature: number): void {
    this.#isStale = true
    if (feature === valueBase) this.#set.isOpen = true
    else if (!this.has(feature)) this.#set.promote(feature, 2)
  }

  /** A value of ordinary traffic would have been called foreign. Each source is heard once, so that none can stall. */
  alarm(source: number): void {
    if (this.#alarmSources.includes(source) || this.#alarmSources.length >= maxAlarmSources) return
    this.#alarmSources.push(source)
    this.quietSamples = 0
  }

  write(writer: ByteWriter): void {
    const { samples, evidence, suspicious, quietSamples, slices } = this
    const flags = [this.hasTrusted, this.isMature, this.isRelearning]
    writer.u8(flags.reduce((bits, flag, index) => bits | (flag ? 1 << index : 0), 0))
    const counts = [samples, evidence, suspicious, quietSamples, slices, this.#samplesAtExpiry]
    for (const count of [...counts, this.#lastSlice + 1]) writer.f64(count)
    this.#set.write(writer)
    this.#sources.write(writer)
    this.#candidates.write(writer)
    writer.u32(this.#alarmSources.length)
    writer.array(Uint32Array.from(this.#alarmSources))
  }

  /** Throws RangeError when the bytes are damaged. */
  static read(reader: ByteReader): FieldProfile {
    const profile = new FieldProfile()
    const flags = reader.u8()
    profile.hasTrusted = (flags & 1) !== 0
    profile.isMature = (flags & 2) !== 0
    profile.isRelearning = (flags & 4) !== 0
    profile.samples = reader.f64()
    profile.evidence = reader.f64()
    profile.suspicious = reader.f64()
    profile.quietSamples = reader.f64()
    profile.slices = reader.f64()
    profile.#samplesAtExpiry = reader.f64()
    profile.#lastSlice = reader.f64() - 1
    profile.#set.read(reader)
    profile.#sources.read(reader)
    profile.#candidates.read(reader)
    const alarms = new Uint32Array(reader.count(maxAlarmSources))
    reader.fill(alarms)
    for (const source of alarms) profile.#alarmSources.push(source)
    return profile
  }

  #predict(): void {
    const { pending } = this.#candidates
    for (let aspect = 0; aspect < aspects.length; aspect += 1) {
      const singular = (this.#set.onceByAspect[aspect] as number) + (pending[aspect] as number)
      this.#surprises[aspect] = surpriseOf(singular, this.evidence)
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
    return surpriseOf(range.records, this.evidence)
  }
}
