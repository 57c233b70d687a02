import { chunkCount, readChunks } from '../antigen/chunks.ts'
import { valueTypeOf } from '../antigen/value-type.ts'
import { lengthFeature, typeBase } from './features.ts'
import type { FieldProfile } from './field-profile.ts'
import type { Rarity } from './rarity.ts'

/** What is foreign about one value, in figures that add up to a score. One object is reused for all values. */
export type Surprise = {
  /** Sum over the distinct unseen chunks of their rarity anywhere, in nats; less where the same name elsewhere has them. */
  rarity: number
  /** Surprise of the value's type in nats; 0 when self has shown it. */
  type: number
  /** Whether the value is longer than self ever was, in doublings. */
  length: number
  /** How closed the field is: minus the logarithm of the share of values that still brought something new. */
  closedness: number
  /** Unseen chunks, rarest first where reported; `count` of them are valid. */
  readonly unseen: Uint16Array
  count: number
}

/** A chunk that the same name on another route has shown counts this much. */
const sharedWeight = 0.25
/** Types are judged by a profile of this many values, or by the one behind it. */
const minTypeSamples = 20
const maxUnseen = 64
const initialChunks = 4_096

export function createSurprise(): Surprise {
  return { rarity: 0, type: 0, length: 0, closedness: 0, unseen: new Uint16Array(maxUnseen), count: 0 }
}

/** What a value is compared with: its field, and the same name elsewhere or the service. */
export type KnownSelf = { readonly own: FieldProfile | undefined; readonly shared: FieldProfile | undefined }

/** Measures how foreign values are to a field's self, with the same name on other routes as the fallback. */
export class SurpriseMeter {
  readonly #rarity: Rarity
  /** Marks chunks that were met in the value at hand, without clearing between values. */
  readonly #met = new Uint32Array(chunkCount)
  #epoch = 0
  #chunks = new Uint16Array(initialChunks)
  readonly result: Surprise = createSurprise()

  constructor(rarity: Rarity) {
    this.#rarity = rarity
  }

  /** The slow path; the returned object is valid until the next call. */
  measure(value: string, known: KnownSelf): Surprise {
    const { result } = this
    if (value.length >= this.#chunks.length) this.#chunks = new Uint16Array(value.length * 2)
    const count = readChunks(value, this.#chunks)
    this.#epoch += 1
    result.rarity = 0
    result.count = 0
    for (let at = 0; at < count; at += 1) {
      const chunk = this.#chunks[at] as number
      if (this.#met[chunk] === this.#epoch) continue
      this.#met[chunk] = this.#epoch
      if (known.own?.has(chunk) === true) continue
      const isShared = known.shared?.has(chunk) === true
      result.rarity += (this.#rarity[chunk] as number) * (isShared ? sharedWeight : 1)
      if (!isShared && result.count < maxUnseen) {
        result.unseen[result.count] = chunk
        result.count += 1
      }
    }
    this.#judgeShape(value, known)
    return result
  }

  #judgeShape(value: string, { own, shared }: KnownSelf): void {
    const base = own !== undefined && own.samples >= minTypeSamples ? own : (shared ?? own)
    const { result } = this
    result.type = 0
    result.length = 0
    result.closedness = 0
    if (base === undefined || base.samples === 0) return
    if (!base.has(typeBase + valueTypeOf(value))) result.type = Math.log((base.samples + 1.6) / 0.2)
    result.length = doublingsBeyond(base, value.length)
    result.closedness = -Math.log((base.novelties + 0.5) / (base.samples + 1))
  }
}

/** By how many doublings a length exceeds the longest that self has shown. */
function doublingsBeyond(profile: FieldProfile, length: number): number {
  let feature = lengthFeature(length)
  let beyond = 0
  while (feature > lengthFeature(0) && !profile.has(feature)) {
    feature -= 1
    beyond += 1
  }
  return feature === lengthFeature(0) ? 0 : beyond
}
