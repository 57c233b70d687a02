import type { BlockList } from 'node:net'
import type { ShippedScorer } from '../antigen/load-scorer.ts'
import type { Config } from '../config/schema.ts'
import { containsAddress } from '../core/address.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'
import type { Route } from '../request/route.ts'
import { isCompared } from './compared.ts'
import type { FieldProfile } from './field-profile.ts'
import type { Inspector } from './inspector.ts'
import { createNameReader } from './name-reader.ts'
import { createRequestMemory } from './request-memory.ts'
import type { SelfStore } from './self-store.ts'
import { SourceBook } from './source-book.ts'
import type { Provenance, SupportRule } from './support.ts'
import { featuresOf, maxLearned } from './value-features.ts'

type Rule = Pick<Config['adaptive'], 'minSamples' | 'minSources' | 'minSlices' | 'sliceMs' | 'maxShare'>

/** Sources that have been known for longer count within one slice, when there are so many times as many of them. */
const establishedFactor = 2

/** A value of which the frozen scorer is this sure, in log-odds, is suspicious. */
const suspiciousLogOdds = 0
/** Suspicious values become self where so many of them, and so large a share of the field's values, are of that kind. */
const minSuspicious = 5
const minSuspiciousShare = 0.3
/** Requests of a service before its own traffic says how foreign ordinary requests look. */
const minCalibrated = 30

/** New routes that one source may bring while this process lives. */
const maxRoutesPerSource = 100
const maxSources = 10_000

/** Called with every value that is self in all its parts. */
export type SelfValueListener = (value: string) => void

/** What is known now, asked before it grows. */
export type Judge = Pick<Inspector, 'wouldAlarm' | 'logOdds'>

/** Turns admitted requests into self. The only code that makes self grow. */
export class Learner {
  readonly #store: SelfStore
  readonly #rule: Rule
  readonly #trusted: BlockList | null
  readonly #onSelfValue: SelfValueListener
  readonly #judge: Judge
  readonly #inherited: ShippedScorer | null
  readonly #readNames = createNameReader()
  readonly #isRepeat = createRequestMemory()
  readonly #book: SourceBook
  readonly #expectsNews: (route: Route) => boolean
  readonly #support: SupportRule
  /** While a deploy goes live: in one slice, from more sources. */
  readonly #supportOfNews: SupportRule
  readonly #routesBySource = new BoundedMap<number, number>(maxSources)

  constructor(options: {
    store: SelfStore
    rule: Rule
    /** Sources whose word is enough; `null` for none. */
    trusted: BlockList | null
    onSelfValue: SelfValueListener
    judge: Judge
    /** The inherited repertoire; `null` leaves it out. */
    inherited: ShippedScorer | null
    book?: SourceBook
    /** Whether a deploy was marked there. */
    expectsNews?: (route: Route) => boolean
  }) {
    const { minSources, minSlices } = options.rule
    const many = minSources * establishedFactor
    this.#support = { minSources, minSlices, minEstablished: many }
    this.#supportOfNews = { minSources: many, minSlices: 1, minEstablished: minSources }
    this.#book = options.book ?? new SourceBook(minSlices)
    this.#expectsNews = options.expectsNews ?? (() => false)
    this.#judge = options.judge
    this.#inherited = options.inherited
    this.#store = options.store
    this.#rule = options.rule
    this.#trusted = options.trusted
    this.#onSelfValue = options.onSelfValue
  }

  /** Learns one request. `isVetted`: a person says that it is self. */
  learn(request: CanonicalRequest, isVetted: boolean): void {
    const from = this.#provenance(request, isVetted)
    if (!this.#mayNameRoute(request, from)) return
    const route = this.#store.catalog.learnRoute(request.service, request.view.method, request.path)
    // The catalogue is full: a service that it does not hold is named by a Host header and would grow without a cap.
    if (route.id === -1) return
    if (!from.isTrusted) this.#book.visit(from.source, from.slice)
    const rule = this.#expectsNews(route) ? this.#supportOfNews : this.#support
    const service = this.#store.growService(route.service)
    const logOdds = this.#isCalibrated(service, from) ? this.#judge.logOdds(request) : null
    if (from.isRepeat !== true) this.#store.countRoute(route)
    this.#store.growRoute(route.id)?.learn([], from, rule)
    service.learn([], from, rule)
    // Fields of a name that is new to the route have no slot yet: the request is read again with what it names now.
    const named = { ...request, route, fields: request.fields.map((field) => this.#named(field, route)) }
    let isFlagged = false
    for (const field of named.fields) {
      if (isCompared(field) && !this.#learnValue(named, field, { from, rule, service })) isFlagged = true
    }
    // How foreign ordinary requests look is learned from those alone of which no value was turned away.
    if (logOdds !== null && !isFlagged) {
      this.#store.tail(route.service).observe(logOdds, from.isTrusted ? null : from.source)
    }
    this.#store.growShape(route.id)?.learn(this.#readNames(named), from, rule)
  }

  #provenance(request: CanonicalRequest, isVetted: boolean): Provenance {
    const { client, view } = request
    const source = hashText(client.source)
    return {
      source,
      slice: Math.floor(view.receivedAtMs / this.#rule.sliceMs),
      isTrusted: isVetted || (this.#trusted !== null && containsAddress(this.#trusted, client.address)),
      isRepeat: this.#isRepeat(request),
      isEstablished: this.#book.isEstablished(source),
    }
  }

  /** Whether a request says how foreign ordinary ones look: not before what strangers send has had the time to become self. */
  #isCalibrated(service: FieldProfile, from: Provenance): boolean {
    if (service.samples < minCalibrated || from.isRepeat === true) return false
    return from.isTrusted || service.slices > this.#rule.minSlices
  }

  /** The field with the slots that the catalogue has for it, made when there are none. */
  #named(field: Field, route: Route): Field {
    if (!isCompared(field)) return field
    const slot = this.#store.catalog.learnField(route, field.location, field.name)
    const sharedSlot = this.#store.catalog.sharedSlot(route.service, field.location, field.name)
    return slot === field.slot && sharedSlot === field.sharedSlot ? field : { ...field, slot, sharedSlot, memo: 0 }
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

  /** Returns false for a value that is turned away as suspicious. */
  #learnValue(
    request: CanonicalRequest,
    field: Field,
    { from, rule, service }: { readonly from: Provenance; readonly rule: SupportRule; readonly service: FieldProfile },
  ): boolean {
    const own = this.#store.growField(field.slot)
    if (own !== undefined && this.#isOverShare(own, from)) return true
    if (own !== undefined && !own.isMature && this.#judge.wouldAlarm(request, field)) own.alarm(from.source)
    if (own !== undefined && !from.isTrusted && this.#isSuspicious(field.value, own)) {
      own.count(from)
      return false
    }
    const features = featuresOf(field.value, this.#inherited?.evidence ?? null)
    const isSelf = own?.learn(features, from, rule) ?? false
    if (field.sharedSlot !== field.slot) this.#store.growField(field.sharedSlot)?.learn(features, from, rule)
    if (field.location !== 'header') service.take(features, from, rule)
    if (isSelf) this.#onSelfValue(field.value.slice(0, maxLearned))
    return true
  }

  /**
   * Whether a value looks like an attack in a field whose values mostly do not: it teaches nothing, unless a person
   * vouches for it. A field that is full of such values is left to what else must speak for them.
   */
  #isSuspicious(value: string, profile: FieldProfile): boolean {
    if (this.#inherited === null || this.#inherited.scorer.score(value) <= suspiciousLogOdds) return false
    profile.suspicious += 1
    return profile.suspicious < minSuspicious || profile.suspicious < minSuspiciousShare * (profile.samples + 1)
  }

  /** One source may not make a field's self by itself, however often it calls. */
  #isOverShare(profile: FieldProfile, from: Provenance): boolean {
    if (from.isTrusted) return false
    const allowed = Math.max(
      Math.ceil(this.#rule.minSamples / this.#rule.minSources),
      Math.floor(profile.countedSamples * this.#rule.maxShare),
    )
    return profile.samplesOf(from.source) >= allowed
  }
}
