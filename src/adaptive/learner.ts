import type { BlockList } from 'node:net'
import { chunksOf, hasOnlyChunks } from '../antigen/chunks.ts'
import { valueTypeOf } from '../antigen/value-type.ts'
import type { Config } from '../config/schema.ts'
import { containsAddress } from '../core/address.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'
import { isCompared } from './compared.ts'
import { lengthFeature, typeBase } from './features.ts'
import type { FieldProfile, Provenance } from './field-profile.ts'
import type { Inspector } from './inspector.ts'
import { isMature } from './maturity.ts'
import type { SelfStore } from './self-store.ts'

type Rule = Pick<Config['adaptive'], 'minSamples' | 'minSources' | 'minSlices' | 'sliceMs' | 'maxShare'>

/** Longest part of a value that is learned, in characters: as much as is looked at when it is scored in full. */
const maxLearned = 16_384

/** New routes that one source may bring while this process lives. */
const maxRoutesPerSource = 100
const maxSources = 10_000

/** Called with every value that is self in all its parts. */
export type SelfValueListener = (value: string) => void

/** Turns admitted requests into self. The only code that makes self grow. */
export class Learner {
  readonly #store: SelfStore
  readonly #rule: Rule
  readonly #trusted: BlockList | null
  readonly #onSelfValue: SelfValueListener
  readonly #wouldAlarm: Inspector['wouldAlarm']
  readonly #routesBySource = new BoundedMap<number, number>(maxSources)

  constructor(options: {
    store: SelfStore
    rule: Rule
    /** Sources whose word is enough; `null` for none. */
    trusted: BlockList | null
    onSelfValue: SelfValueListener
    wouldAlarm: Inspector['wouldAlarm']
  }) {
    this.#wouldAlarm = options.wouldAlarm
    this.#store = options.store
    this.#rule = options.rule
    this.#trusted = options.trusted
    this.#onSelfValue = options.onSelfValue
  }

  /** Learns one request. `isVetted`: a person says that it is self. */
  learn(request: CanonicalRequest, isVetted: boolean): void {
    const from: Provenance = {
      source: hashText(request.client.source),
      slice: Math.floor(request.view.receivedAtMs / this.#rule.sliceMs),
      isTrusted: isVetted || (this.#trusted !== null && containsAddress(this.#trusted, request.client.address)),
    }
    if (!this.#mayNameRoute(request, from)) return
    const route = this.#store.catalog.learnRoute(request.service, request.view.method, request.path)
    // The catalogue is full: a service that it does not hold is named by a Host header and would grow without a cap.
    if (route.id === -1) return
    this.#store.growRoute(route.id)?.learn([], from, this.#rule)
    const service = this.#store.growService(route.service)
    service.learn([], from, this.#rule)
    for (const field of request.fields) {
      if (!isCompared(field)) continue
      const slot = this.#store.catalog.learnField(route, field.location, field.name)
      const sharedSlot = this.#store.catalog.sharedSlot(route.service, field.location, field.name)
      this.#learnValue(field, from, { slot, sharedSlot, service })
    }
  }

  /** Whether this source may still bring a new route: an API that answers every path must not let one fill the table. */
  #mayNameRoute(request: CanonicalRequest, from: Provenance): boolean {
    const { catalog } = this.#store
    if (from.isTrusted || catalog.match(request.service, request.view.method, request.path).id !== -1) return true
    const named = this.#routesBySource.get(from.source) ?? 0
    if (named >= maxRoutesPerSource) return false
    this.#routesBySource.set(from.source, named + 1)
    return true
  }

  #learnValue(
    field: Field,
    from: Provenance,
    place: { readonly slot: number; readonly sharedSlot: number; readonly service: FieldProfile },
  ): void {
    const own = this.#store.growField(place.slot)
    if (own !== undefined && this.#isOverShare(own, from)) return
    if (own !== undefined && !from.isTrusted && isMature(own, this.#rule) && hasOnlyChunks(field.value, own.self)) {
      own.count(from)
      return
    }
    if (own !== undefined && !own.isMature && this.#wouldAlarm(field, { own, service: place.service })) {
      own.alarm(from.source)
    }
    const value = field.value.length > maxLearned ? field.value.slice(0, maxLearned) : field.value
    const features = featuresOf(value, field.value.length)
    const isSelf = own?.learn(features, from, this.#rule) ?? false
    if (place.sharedSlot !== place.slot) this.#store.growField(place.sharedSlot)?.learn(features, from, this.#rule)
    if (field.location !== 'header') this.#learnForService(features, from, place.service)
    if (isSelf) this.#onSelfValue(value)
  }

  /** The service's own profile takes the features but counts requests, not values. */
  #learnForService(features: ReadonlySet<number>, from: Provenance, service: FieldProfile): void {
    const { samples, novelties, quietSamples } = service
    service.learn(features, from, this.#rule)
    service.samples = samples
    service.novelties = novelties
    service.quietSamples = quietSamples
  }

  /** One source may not make a field's self by itself, however often it calls. */
  #isOverShare(profile: FieldProfile, from: Provenance): boolean {
    if (from.isTrusted) return false
    const allowed = Math.max(
      Math.ceil(this.#rule.minSamples / this.#rule.minSources),
      Math.floor(profile.samples * this.#rule.maxShare),
    )
    return profile.samplesOf(from.source) >= allowed
  }
}

function featuresOf(value: string, length: number): ReadonlySet<number> {
  const features = new Set<number>(chunksOf(value))
  features.add(typeBase + valueTypeOf(value))
  features.add(lengthFeature(length))
  return features
}
