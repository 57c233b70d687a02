import { chunkCount, readChunks } from '../antigen/chunks.ts'
import type { FrozenScorer } from '../antigen/scorer.ts'
import { valueTypeOf } from '../antigen/value-type.ts'
import { hashText } from '../core/hash.ts'
import {
  characterAspect,
  characterFeature,
  chunkAspect,
  lengthAspect,
  lengthFeature,
  magnitudeAspect,
  magnitudeFeature,
  typeAspect,
  typeBase,
  valueAspect,
  valueFeature,
} from './features.ts'
import type { FieldProfile } from './field-profile.ts'
import type { Rarity } from './rarity.ts'

/** What speaks for a value being foreign, in figures that add up to log-odds. One object is reused for all values. */
export type Evidence = {
  /** Log-odds of the frozen scorer without the detectors that self has silenced; 0 or more. */
  masked: number
  /** Sum over the distinct unseen chunks of their rarity anywhere, in nats; less where the same name elsewhere has them. */
  rarity: number
  /** Surprise of the most surprising novelty, in nats: `-ln` of its probability by the field's own history. */
  surprise: number
  /** The aspect that it is about; -1 when there is none. */
  aspect: number
  /** Unseen chunks, in the order of the value; `count` of them are valid. */
  readonly unseen: Uint16Array
  count: number
}

/** A chunk that the same name on another route has shown counts this much. */
const sharedRarity = 0.25
/** Surprise about what the same name on another route has shown, or of a field that only others know. */
const sharedSurprise = 0.5
const maxUnseen = 64
const initialChunks = 4_096
/** Longest part of a value whose characters are looked at one by one. */
export const maxCharacters = 4_096

/** What a value is compared with: its field, and the same name elsewhere or the service. */
export type KnownSelf = {
  readonly own: FieldProfile | undefined
  /** `undefined` where the field itself is known to the whole service, as headers are. */
  readonly shared: FieldProfile | undefined
  /** Whether `shared` is the service as a whole, whose values predict nothing about one field. */
  readonly isSharedWide: boolean
}

/** Measures how foreign values are to a field's self, with the same name on other routes as the fallback. */
export class EvidenceMeter {
  readonly #rarity: Rarity
  readonly #scorer: FrozenScorer | null
  /** Marks chunks that were met in the value at hand, without clearing between values. */
  readonly #met = new Uint32Array(chunkCount)
  #epoch = 0
  #chunks = new Uint16Array(initialChunks)
  readonly #ownSurprises = new Float64Array(6)
  readonly #sharedSurprises = new Float64Array(6)
  readonly result: Evidence = {
    masked: 0,
    rarity: 0,
    surprise: 0,
    aspect: -1,
    unseen: new Uint16Array(maxUnseen),
    count: 0,
  }

  /** Without a scorer nothing inherited is heard. */
  constructor(rarity: Rarity, scorer: FrozenScorer | null) {
    this.#rarity = rarity
    this.#scorer = scorer
  }

  /** The slow path; the returned object is valid until the next call. */
  measure(value: string, known: KnownSelf): Evidence {
    const { result } = this
    const listener = known.own ?? (known.isSharedWide ? undefined : known.shared)
    result.masked = this.#scorer === null ? 0 : this.#scorer.scoreMasked(value, listener?.silenced ?? nothing)
    this.#measureChunks(value, known)
    this.#measureSurprise(value, known)
    return result
  }

  #measureChunks(value: string, { own, shared }: KnownSelf): void {
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
      if (own?.has(chunk) === true) continue
      const isShared = shared?.has(chunk) === true
      result.rarity += (this.#rarity[chunk] as number) * (isShared ? sharedRarity : 1)
      if (!isShared && result.count < maxUnseen) {
        result.unseen[result.count] = chunk
        result.count += 1
      }
    }
  }

  /**
   * What is new to the field and to the same name elsewhere is judged by whoever knows more; what only the field has not
   * seen counts less, and so does all that a field without a history would have to take from others.
   */
  #measureSurprise(value: string, { own, shared, isSharedWide }: KnownSelf): void {
    const { result } = this
    result.surprise = 0
    result.aspect = -1
    const named = isSharedWide ? undefined : shared
    if (own !== undefined) this.#surprisesOf(value, own, this.#ownSurprises)
    if (named !== undefined) this.#surprisesOf(value, named, this.#sharedSurprises)
    for (let aspect = 0; aspect < 6; aspect += 1) {
      const there = named === undefined ? 0 : (this.#sharedSurprises[aspect] as number)
      const here = own === undefined ? 0 : (this.#ownSurprises[aspect] as number)
      const surprise = own === undefined ? there * sharedSurprise : together(here, named === undefined ? null : there)
      if (surprise <= result.surprise) continue
      result.surprise = surprise
      result.aspect = aspect
    }
  }

  #surprisesOf(value: string, profile: FieldProfile, into: Float64Array): void {
    into.fill(0)
    if (profile.samples === 0) return
    const hasNewChunk = this.#hasNewChunk(value, profile)
    if (hasNewChunk) {
      into[chunkAspect] = profile.surprise(chunkAspect)
      if (!profile.has(typeBase + valueTypeOf(value))) into[typeAspect] = profile.surprise(typeAspect)
    }
    into[lengthAspect] = profile.lengthSurprise(lengthFeature(value.length))
    into[magnitudeAspect] = profile.magnitudeSurprise(magnitudeFeature(value))
    if (hasNewCharacter(value, profile)) into[characterAspect] = profile.surprise(characterAspect)
    if (!profile.isOpen && !profile.has(valueFeature(hashText(value))))
      into[valueAspect] = profile.surprise(valueAspect)
  }

  #hasNewChunk(value: string, profile: FieldProfile): boolean {
    const count = readChunks(value, this.#chunks)
    for (let at = 0; at < count; at += 1) if (!profile.has(this.#chunks[at] as number)) return true
    return false
  }
}

/** Surprise of what the field has not seen, given that of the same name elsewhere; `null` where there is none. */
function together(here: number, there: number | null): number {
  if (here === 0 || there === null) return here
  return there === 0 ? here * sharedSurprise : Math.max(here, there)
}

const nothing = { has: (): boolean => false }

/** Whether a value has a character that the field has not shown; letters and digits of ASCII are known as classes. */
export function hasNewCharacter(value: string, profile: FieldProfile): boolean {
  const end = Math.min(value.length, maxCharacters)
  for (let index = 0; index < end; index += 1) {
    const feature = characterFeature(value.charCodeAt(index))
    if (feature !== -1 && !profile.has(feature)) return true
  }
  return false
}
