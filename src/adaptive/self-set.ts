import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { createFeatureRange, type FeatureRange, widen } from './feature-range.ts'
import {
  aspectOf,
  aspects,
  detectorBase,
  featureCount,
  lengthAspect,
  lengthBase,
  magnitudeAspect,
  valueAspect,
  valueBase,
} from './features.ts'
import { MarkedSet } from './marked-set.ts'
import { popCount } from './pop-count.ts'

const words = Math.ceil(featureCount / 32)
/** A field with more distinct values than this is no enumeration. */
const maxValues = 32
/** Inherited detectors that one field silences; one that reacts to more than this is full of what attacks are made of. */
const maxSilenced = 1_536

/** The features that are self in one field: which of them more than one request showed, and which were seen of late. */
export class SelfSet {
  readonly #bits: Uint32Array = new Uint32Array(3 * words)
  /** Bit set of the features that are self. */
  readonly bits: Uint32Array = this.#bits.subarray(0, words)
  /** Those of them that more than one distinct request showed. */
  readonly #repeated: Uint32Array = this.#bits.subarray(words, 2 * words)
  /** Those of them that were seen since the last `expire`. */
  readonly #renewed: Uint32Array = this.#bits.subarray(2 * words)
  /** Inherited detectors that react to self. */
  readonly silenced: MarkedSet = new MarkedSet(maxSilenced)
  readonly values: MarkedSet = new MarkedSet(maxValues)
  /** Has shown too many distinct values to be an enumeration. */
  isOpen = false
  readonly lengths: FeatureRange = createFeatureRange()
  readonly magnitudes: FeatureRange = createFeatureRange()
  /** Features by aspect that only one distinct request showed. */
  readonly onceByAspect: number[] = aspects.map(() => 0)

  has(feature: number): boolean {
    if (feature >= valueBase) return this.values.has(keptValue(feature))
    if (feature >= detectorBase) return this.silenced.has(feature - detectorBase)
    return (((this.bits[feature >>> 5] ?? 0) >>> (feature & 31)) & 1) === 1
  }

  /** Features that are self, without inherited detectors and values. */
  count(): number {
    let count = 0
    for (const word of this.bits) count += popCount(word)
    return count
  }

  /** A feature of self was seen again, in a request that was new in something or not. */
  see(feature: number, isDistinct: boolean): void {
    if (feature >= valueBase) {
      const value = keptValue(feature)
      this.values.renew(value)
      if (isDistinct && this.values.repeat(value)) this.#count(valueAspect, -1)
      return
    }
    if (feature >= detectorBase) {
      this.silenced.renew(feature - detectorBase)
      return
    }
    const word = feature >>> 5
    const bit = 1 << (feature & 31)
    this.#renewed[word] = (this.#renewed[word] as number) | bit
    if (!isDistinct || ((this.#repeated[word] as number) & bit) !== 0) return
    this.#repeated[word] = (this.#repeated[word] as number) | bit
    this.#count(aspectOf(feature), -1)
  }

  /** Makes a feature self that so many distinct requests have shown. */
  promote(feature: number, sightings: number): void {
    if (feature >= valueBase) {
      if (this.values.isFull) this.isOpen = true
      if (!this.values.add(keptValue(feature))) return
    } else if (feature >= detectorBase) {
      this.silenced.add(feature - detectorBase)
      return
    } else {
      this.bits[feature >>> 5] = (this.bits[feature >>> 5] ?? 0) | (1 << (feature & 31))
      this.#widen(feature)
    }
    this.#count(aspectOf(feature), 1)
    this.see(feature, sightings > 1)
  }

  /** Forgets what was not seen since the last call; how many features are no longer self. */
  expire(): number {
    let expired = this.silenced.expire() + this.values.expire()
    for (let word = 0; word < words; word += 1) {
      const kept = (this.bits[word] as number) & (this.#renewed[word] as number)
      expired += popCount((this.bits[word] as number) & ~kept)
      this.bits[word] = kept
      this.#repeated[word] = (this.#repeated[word] as number) & kept
      this.#renewed[word] = 0
    }
    if (expired > 0) this.#recount()
    return expired
  }

  write(writer: ByteWriter): void {
    writer.u8(this.isOpen ? 1 : 0)
    writer.f64(this.lengths.records)
    writer.f64(this.magnitudes.records)
    writer.array(this.#bits)
    this.silenced.write(writer)
    this.values.write(writer)
  }

  read(reader: ByteReader): void {
    this.isOpen = reader.u8() === 1
    const [lengthRecords, magnitudeRecords] = [reader.f64(), reader.f64()]
    reader.fill(this.#bits)
    this.silenced.read(reader)
    this.values.read(reader)
    this.#recount()
    this.lengths.records = lengthRecords
    this.magnitudes.records = magnitudeRecords
  }

  #widen(feature: number): void {
    const aspect = aspectOf(feature)
    if (aspect === lengthAspect) widen(this.lengths, feature)
    else if (aspect === magnitudeAspect) widen(this.magnitudes, feature)
  }

  #count(aspect: number, change: number): void {
    this.onceByAspect[aspect] = (this.onceByAspect[aspect] as number) + change
  }

  /** What follows from the bits, after they were loaded or some of them expired. */
  #recount(): void {
    this.onceByAspect.fill(0)
    Object.assign(this.lengths, createFeatureRange())
    Object.assign(this.magnitudes, createFeatureRange())
    for (let feature = 0; feature < featureCount; feature += 1) {
      if (!this.has(feature)) continue
      if (feature >= lengthBase) this.#widen(feature)
      const isRepeated = (((this.#repeated[feature >>> 5] as number) >>> (feature & 31)) & 1) === 1
      if (!isRepeated) this.#count(aspectOf(feature), 1)
    }
    this.#count(valueAspect, this.values.onceCount)
  }
}

/** The part of a value's feature that is kept. */
const keptValue = (feature: number): number => (feature - valueBase) & 0x1fffffff
