import type { ShippedScorer } from '../antigen/load-scorer.ts'
import type { Config } from '../config/schema.ts'
import type { FieldId, Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldIdOf } from '../request/field.ts'
import type { Route } from '../request/route.ts'
import { type ActingDetector, actingDetectors } from './acting-detectors.ts'
import { scoreOfRate } from './calibration.ts'
import { isCompared } from './compared.ts'
import { Comparer, type Comparison } from './comparer.ts'
import { explainEvidence, explainShape } from './explain.ts'
import type { FieldProfile } from './field-profile.ts'
import { isMature, isSeasoned } from './maturity.ts'
import { createNameReader, isStructure } from './name-reader.ts'
import type { Rarity } from './rarity.ts'
import type { ShapeNovelty } from './route-shape.ts'
import { logOddsOf, type ScoreWeights, type Weighed } from './score-model.ts'
import type { SelfStore } from './self-store.ts'
import { unmaskedDetectors } from './unmasked-detectors.ts'

/** A value that holds what self never showed, as detectors see it. */
export type ForeignValue = {
  readonly slot: number
  readonly field: FieldId
  /** What speaks against it, strongest first. */
  readonly detectors: readonly ActingDetector[]
  readonly samples: number
}

export type InspectorOptions = {
  readonly store: SelfStore
  readonly config: Config['adaptive']
  readonly rarity: Rarity
  readonly weights: ScoreWeights
  /** The inherited repertoire; `null` leaves it out. */
  readonly inherited: ShippedScorer | null
  /** Whether the form of requests is compared. */
  readonly comparesShape: boolean
  /** Hears of every value that may be acted upon; returns the name of the detector that the finding is told by. */
  readonly onForeign: (foreign: ForeignValue) => string
  /** Whether new things are expected there, because a deploy was marked. */
  readonly expectsNews: (route: Route) => boolean
  /** Hears of every request of which not all could be compared. */
  readonly onShed?: () => void
  /** Whether values that are self at a glance are passed; the findings are the same without. */
  readonly hasFastPath?: boolean
}

/** Findings below this score are not worth a line. */
const minReported = 0.2
const maxFindings = 8
/**
 * Browsers and tools choose their headers freely, and a host that is not known yet may be a new part of the API: what is
 * odd there is evidence, and no reason to refuse by itself.
 */
const maxDoubtfulScore = 0.9
/** A route that nobody has shown is a reason to wait for more: it says all that it may say without acting alone. */
const justBelow = 0.0001

/** Evidence, the logarithm of how many chances it had, and which field it is about; -1 for the form of the request. */
export type EvidenceVisitor = (evidence: Weighed, chance: number, index: number) => void

/** Compares the values and the form of a request with self. */
export class Inspector {
  readonly #options: InspectorOptions
  readonly #store: SelfStore
  readonly #weights: ScoreWeights
  readonly #comparer: Comparer
  readonly #readNames = createNameReader()

  constructor(options: InspectorOptions) {
    this.#options = options
    this.#store = options.store
    this.#weights = options.weights
    this.#comparer = new Comparer({
      store: options.store,
      rarity: options.rarity,
      scorer: options.inherited?.scorer ?? null,
      maxWork: options.config.maxWork,
      hasFastPath: options.hasFastPath ?? true,
    })
  }

  isRouteMature(route: Route): boolean {
    const profile = this.#store.route(route.id)
    return profile !== undefined && isMature(profile, this.#options.config)
  }

  /** Whether a request holds a field that is still learned, so that it is worth learning from. */
  hasImmatureField(request: CanonicalRequest): boolean {
    return request.fields.some((field) => {
      const own = this.#store.field(field.slot)
      return isCompared(field) && (own === undefined || !isMature(own, this.#options.config))
    })
  }

  inspect(request: CanonicalRequest, findings: Finding[]): void {
    const { fields } = request
    const first = findings.length
    const service = this.#store.service(request.route.service)
    if (service === undefined) return
    const chance = Math.log(fields.length)
    const isRouteKnown = this.#isRouteKnown(request.route, service)
    this.#comparer.begin()
    for (let index = 0; index < fields.length && findings.length - first < maxFindings; index += 1) {
      if (this.#comparer.isSpent) {
        this.#options.onShed?.()
        break
      }
      const comparison = this.#comparer.foreign(fields[index] as Field, service, isRouteKnown)
      if (comparison !== null) this.#inspectValue(request, { comparison, chance }, findings)
    }
    if (this.#options.comparesShape) this.#inspectShape(request, findings)
  }

  /** Log-odds of the most foreign thing about a request that may act: what its service is calibrated with. */
  logOdds(request: CanonicalRequest): number {
    let most = this.#weights.bias
    this.visit(request, (evidence, chance) => {
      most = Math.max(most, logOddsOf(evidence, this.#weights, chance))
    })
    return most
  }

  /** Shows the evidence of every foreign value outside of headers, and of the form; with the logarithm of how many chances. */
  visit(request: CanonicalRequest, visit: EvidenceVisitor): void {
    const service = this.#store.service(request.route.service)
    if (service === undefined) return
    const chance = Math.log(request.fields.length)
    const isRouteKnown = this.#isRouteKnown(request.route, service)
    this.#comparer.begin()
    for (let index = 0; index < request.fields.length; index += 1) {
      const field = request.fields[index] as Field
      if (this.#comparer.isSpent) break
      if (field.location === 'header') continue
      const comparison = this.#comparer.foreign(field, service, isRouteKnown)
      if (comparison !== null) visit(this.#comparer.measure(comparison), chance, index)
    }
    const shape = this.#options.comparesShape ? this.#shapeNovelty(request) : null
    if (shape !== null) visit({ masked: 0, rarity: 0, type: 0, surprise: shape.surprise }, 0, -1)
  }

  /** Whether a value would be called foreign by what is known now: a false alarm, when ordinary traffic sends it. */
  wouldAlarm(request: CanonicalRequest, field: Field): boolean {
    return this.foreignness(request, field) >= this.#options.config.denyScore
  }

  /** Score of one value by what is known now, whether it may act or not; 0 for what is plainly self or not compared. */
  foreignness(request: CanonicalRequest, field: Field): number {
    const service = this.#store.service(request.route.service)
    if (service === undefined) return 0
    const comparison = this.#comparer.foreign(field, service, this.#isRouteKnown(request.route, service))
    if (comparison === null) return 0
    return this.#scoreOf(request.route.service, this.#logOddsOf(comparison, Math.log(request.fields.length)))
  }

  /** What was learned has become less, or was replaced: nothing that was noted about values holds any more. */
  forget(): void {
    this.#comparer.forget()
  }

  #inspectValue(
    request: CanonicalRequest,
    { comparison, chance }: { readonly comparison: Comparison; readonly chance: number },
    findings: Finding[],
  ): void {
    const { config, expectsNews } = this.#options
    const { field, own, named, service } = comparison
    const known = this.#knownPart(comparison)
    const byKnown = known === comparison ? Number.POSITIVE_INFINITY : this.#logOddsOf(known, chance)
    const evidence = this.#comparer.measure(comparison)
    const logOdds = Math.min(byKnown, logOddsOf(evidence, this.#weights, chance))
    const rate = this.#store.tail(request.route.service).rateOf(logOdds)
    const fullScore = scoreOfRate(rate)
    if (fullScore < minReported) return
    const isCapped = field.location === 'header' || request.service !== request.route.service
    const score = isCapped ? Math.min(fullScore, maxDoubtfulScore) : fullScore
    const basis = own ?? named ?? service
    const isElsewhereKnown = known.named !== undefined || isMature(service, config)
    const acts = known.own !== undefined || (isElsewhereKnown && !expectsNews(request.route))
    const chunks = this.#rarest(evidence.unseen.subarray(0, evidence.count))
    const id = fieldIdOf(field, request.route)
    const scope = own !== undefined ? 'this field' : named !== undefined ? 'this name on other routes' : 'this service'
    const inherited = evidence.masked > 0 ? unmaskedDetectors(this.#options.inherited, field.value, own ?? named) : []
    const detectors = inherited.map(({ text }) => text)
    const speaking = { weights: this.#weights, chance, chunks, inherited }
    const acting =
      known.own === undefined ? [] : actingDetectors(field.value, evidence, { ...speaking, profile: known.own })
    const foreign = { slot: field.slot, field: id, detectors: acting, samples: basis.samples }
    const source = acting.length > 0 ? this.#options.onForeign(foreign) : 'unlike-self'
    const nearest = (own ?? named)?.describe() ?? ''
    findings.push({
      layer: 'adaptive',
      source,
      field: id,
      score,
      reason: explainEvidence(field, evidence, { samples: basis.samples, scope, chunks, detectors, nearest, rate }),
      ...(acts ? {} : { shadow: true }),
    })
  }

  /** Whether a profile may act. One of a mature service needs less for itself. */
  #isKnownEnough(profile: FieldProfile, service: FieldProfile): boolean {
    const { config } = this.#options
    return isMature(profile, config) || (isSeasoned(profile, config) && isMature(service, config))
  }

  /** Whether so many have used a route that its name is self. Whoever sends a request first gives its route a name. */
  #isRouteKnown(route: Route, service: FieldProfile): boolean {
    const profile = this.#store.route(route.id)
    return profile !== undefined && this.#isKnownEnough(profile, service)
  }

  /**
   * A comparison without the field, and the same name elsewhere, that too little is known of; itself where that takes
   * nothing away. What is thin holds nothing against a value that an unknown field would not, and nobody excuses an attack
   * by sending a few values ahead of it.
   */
  #knownPart(comparison: Comparison): Comparison {
    const { own, named, service } = comparison
    if (own !== undefined && this.#isKnownEnough(own, service)) return comparison
    const knownName = named !== undefined && this.#isKnownEnough(named, service) ? named : undefined
    if (own === undefined && knownName === named) return comparison
    return { ...comparison, own: undefined, named: knownName, heard: null }
  }

  #logOddsOf(comparison: Comparison, chance: number): number {
    return logOddsOf(this.#comparer.measure(comparison), this.#weights, chance)
  }

  #inspectShape(request: CanonicalRequest, findings: Finding[]): void {
    const { route } = request
    const { config, expectsNews } = this.#options
    const novelty = this.#shapeNovelty(request)
    if (novelty === null) return
    const rate = this.#store.tail(route.service).rateOf(this.#shapeLogOdds(novelty.surprise))
    const fullScore = scoreOfRate(rate)
    if (fullScore < minReported) return
    const isWaiting = route.id === -1 || request.service !== route.service
    const profile = route.id === -1 ? this.#store.service(route.service) : this.#store.route(route.id)
    const acts = profile !== undefined && isMature(profile, config) && !expectsNews(route)
    const place = this.#placeOf(request, novelty)
    findings.push({
      layer: 'adaptive',
      source: route.id === -1 ? 'unknown-route' : `request-${novelty.aspect}`,
      field: place,
      score: isWaiting ? Math.min(fullScore, config.denyScore - justBelow) : fullScore,
      reason:
        route.id === -1
          ? `no request of this route was ever seen among ${profile?.samples ?? 0}`
          : explainShape(novelty, {
              name: place?.name ?? '',
              route: route.template,
              requests: this.#store.shape(route.id)?.requests ?? 0,
              rate,
            }),
      ...(acts ? {} : { shadow: true }),
    })
  }

  /** The most surprising thing about the form of a request; `null` when it has come like this before. */
  #shapeNovelty(request: CanonicalRequest): ShapeNovelty | null {
    const { route } = request
    const service = this.#store.service(route.service)
    if (service === undefined || service.samples === 0) return null
    if (route.id === -1) {
      return { surprise: this.#store.routeSurprise(route.service), aspect: 'set', slot: -1 }
    }
    const shape = this.#store.shape(route.id)
    if (shape === undefined) return null
    const names = this.#readNames(request)
    if (!names.hasUnknown && shape.isKnown(names)) return null
    return shape.novelty(names)
  }

  #shapeLogOdds(surprise: number): number {
    return this.#weights.bias + this.#weights.surprise * surprise
  }

  /** The field that a novelty is about, if it is about one. */
  #placeOf(request: CanonicalRequest, novelty: ShapeNovelty): FieldId | null {
    if (novelty.slot === -1) {
      const unknown = request.fields.find((field) => field.slot === -1 && isStructure(field))
      return novelty.aspect === 'name' && unknown !== undefined ? fieldIdOf(unknown, request.route) : null
    }
    const [, , location, name] = this.#store.catalog.slotAt(novelty.slot) ?? []
    return location === undefined || name === undefined ? null : fieldIdOf({ location, name }, request.route)
  }

  #scoreOf(service: string, logOdds: number): number {
    return scoreOfRate(this.#store.tail(service).rateOf(logOdds))
  }

  #rarest(unseen: Uint16Array): number[] {
    const { rarity } = this.#options
    return [...unseen].sort((a, b) => (rarity[b] ?? 0) - (rarity[a] ?? 0)).slice(0, 3)
  }
}
