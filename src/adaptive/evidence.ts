import { chunkCount, readChunks } from '../antigen/chunks.ts'
import type { FrozenScorer } from '../antigen/scorer.ts'
import { valueTypeOf } from '../antigen/value-type.ts'
import { hashText } from '../core/hash.ts'
import {
  aspects,
  characterAspect,
  characterFeature,
  chunkAspect,
  lengthAspect,
  lengthFeature,
  magnitudeAspect,
  magnitudeFeature,
  maxCharacters,
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
  /** Surprise of the type of a value that has unseen chunks, in nats; 0 when self has shown it. */
  type: number
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
/** Types are judged by a profile of this many values, or by the one behind it. */
const minTypeSamples = 20
const maxUnseen = 64
const initialChunks = 4_096

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
  /** Whether the value at hand has chunks that its field, or the other, has not shown. */
  #isNewHere = false
  #isNewThere = false
  readonly #ownSurprises = new Float64Array(aspects.length)
  readonly #sharedSurprises = new Float64Array(aspects.length)
  readonly result: Evidence = {
    masked: 0,
    rarity: 0,
    type: 0,
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
    result.masked = this.hear(value, known.own ?? (known.isSharedWide ? undefined : known.shared))
    this.#measureChunks(value, known)
    const traits = traitsOf(value)
    result.type = result.rarity > 0 ? typeSurprise(traits, known) : 0
    this.#measureSurprise(traits, known)
    return result
  }

  /** Log-odds of the frozen scorer without the detectors that a field's self has silenced. */
  hear(value: string, listener: FieldProfile | undefined): number {
    if (this.#scorer === null) return 0
    const silenced = listener === undefined || listener.silenced.size === 0 ? null : listener.silenced
    return this.#scorer.scoreMasked(value, silenced)
  }

  /** The evidence of a value about which nothing is new. */
  onlyHeard(masked: number): Evidence {
    return Object.assign(this.result, { masked, rarity: 0, type: 0, surprise: 0, aspect: -1, count: 0 })
  }

  #measureChunks(value: string, { own, shared }: KnownSelf): void {
    const { result } = this
    if (value.length >= this.#chunks.length) this.#chunks = new Uint16Array(value.length * 2)
    const count = readChunks(value, this.#chunks)
    this.#nextEpoch()
    this.#isNewHere = false
    this.#isNewThere = false
    result.rarity = 0
    result.count = 0
    for (let at = 0; at < count; at += 1) {
      const chunk = this.#chunks[at] as number
      if (this.#met[chunk] === this.#epoch) continue
      this.#met[chunk] = this.#epoch
      const isShared = shared?.has(chunk) === true
      this.#isNewThere ||= !isShared
      if (own?.has(chunk) === true) continue
      this.#isNewHere = true
      result.rarity += (this.#rarity[chunk] as number) * (isShared ? sharedRarity : 1)
      if (!isShared && result.count < maxUnseen) {
        result.unseen[result.count] = chunk
        result.count += 1
      }
    }
  }

  #nextEpoch(): void {
    this.#epoch = (this.#epoch + 1) >>> 0
    if (this.#epoch > 0) return
    this.#met.fill(0)
    this.#epoch = 1
  }

  /**
   * What is new to the field and to the same name elsewhere is judged by whoever knows more; what only the field has not
   * seen counts less, and so does all that a field without a history would have to take from others.
   */
  #measureSurprise(traits: Traits, { own, shared, isSharedWide }: KnownSelf): void {
    const { result } = this
    result.surprise = 0
    result.aspect = -1
    const named = isSharedWide ? undefined : shared
    if (own === undefined && named === undefined) return
    if (own !== undefined) surprisesOf(traits, { profile: own, hasNewChunk: this.#isNewHere }, this.#ownSurprises)
    if (named !== undefined) {
      surprisesOf(traits, { profile: named, hasNewChunk: this.#isNewThere }, this.#sharedSurprises)
    }
    for (let aspect = 0; aspect < aspects.length; aspect += 1) {
      const there = named === undefined ? 0 : (this.#sharedSurprises[aspect] as number)
      const here = own === undefined ? 0 : (this.#ownSurprises[aspect] as number)
      const surprise = own === undefined ? there * sharedSurprise : together(here, named === undefined ? null : there)
      if (surprise <= result.surprise) continue
      result.surprise = surprise
      result.aspect = aspect
    }
  }
}

/** What both profiles are asked about; the type and the hash only when somebody asks, as they cost the most. */
type Traits = {
  readonly value: string
  readonly length: number
  readonly magnitude: number
  type: number
  hashed: number
}

const traitsOf = (value: string): Traits => ({
  value,
  length: lengthFeature(value.length),
  magnitude: magnitudeFeature(value),
  type: -1,
  hashed: -1,
})

function typeOf(traits: Traits): number {
  if (traits.type === -1) traits.type = typeBase + valueTypeOf(traits.value)
  return traits.type
}

function surprisesOf(
  traits: Traits,
  { profile, hasNewChunk }: { readonly profile: FieldProfile; readonly hasNewChunk: boolean },
  into: Float64Array,
): void {
  into.fill(0)
  if (profile.samples === 0) return
  if (hasNewChunk) {
    into[chunkAspect] = profile.surprise(chunkAspect)
    if (!profile.has(typeOf(traits))) into[typeAspect] = profile.surprise(typeAspect)
  }
  into[lengthAspect] = profile.lengthSurprise(traits.length)
  into[magnitudeAspect] = profile.magnitudeSurprise(traits.magnitude)
  if (newCharacterOf(traits.value, profile) !== -1) into[characterAspect] = profile.surprise(characterAspect)
  if (profile.isOpen) return
  if (traits.hashed === -1) traits.hashed = valueFeature(hashText(traits.value))
  if (!profile.has(traits.hashed)) into[valueAspect] = profile.surprise(valueAspect)
}

/**
 * Minus the logarithm of the probability of a type that was never seen, by the field where it has a history and else by
 * whoever has one: Dirichlet, with a prior of 0.2 for each of eight types that a field may plausibly show.
 */
function typeSurprise(traits: Traits, { own, shared }: KnownSelf): number {
  const base = own !== undefined && own.samples >= minTypeSamples ? own : (shared ?? own)
  if (base === undefined || base.samples === 0 || base.has(typeOf(traits))) return 0
  return Math.log((base.samples + 1.6) / 0.2)
}

/** Surprise of what the field has not seen, given that of the same name elsewhere; `null` where there is none. */
function together(here: number, there: number | null): number {
  if (here === 0 || there === null) return here
  return there === 0 ? here * sharedSurprise : Math.max(here, there)
}

/** The first character that the field has not shown, as a feature; -1 for none. Letters and digits of ASCII are classes. */
export function newCharacterOf(value: string, profile: FieldProfile): number {
  const end = Math.min(value.length, maxCharacters)
  for (let index = 0; index < end; index += 1) {
    const feature = characterFeature(value.charCodeAt(index))
    if (feature !== -1 && !profile.has(feature)) return feature
  }
  return -1
}
