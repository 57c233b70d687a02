import { hasOnlyChunks } from '../antigen/chunks.ts'
import type { Config } from '../config/schema.ts'
import type { FieldId, Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags, fieldIdOf } from '../request/field.ts'
import type { Route } from '../request/route.ts'
import { isCompared } from './compared.ts'
import { explainSurprise } from './explain.ts'
import type { FieldProfile } from './field-profile.ts'
import { isMature } from './maturity.ts'
import type { Rarity } from './rarity.ts'
import { logistic, logOddsOf, type ScoreWeights } from './score-model.ts'
import type { SelfStore } from './self-store.ts'
import { SurpriseMeter } from './surprise.ts'

/** A value that holds what self never showed, as detectors see it. */
export type ForeignValue = {
  readonly slot: number
  readonly field: FieldId
  /** The unseen chunks, rarest first, at most three. */
  readonly chunks: readonly number[]
  readonly samples: number
}

/** Findings below this score are not worth a line. */
const minReported = 0.05
/** From this score on the detectors that matched are recorded. */
const minActivated = 0.5
const maxFindings = 8
/**
 * Browsers and tools choose their headers freely, and a host that is not known yet may be a new part of the API: what is
 * odd there is evidence, and no reason to refuse by itself.
 */
const maxDoubtfulScore = 0.9
/** Room for the notes on kept fields. */
const memoMask = 0xffff
/** Score of a parameter that a mature route has never shown: odd, and no reason to act by itself. */
const unknownNameScore = 0.3

/** Compares the values of a request with self. */
export class Inspector {
  readonly #store: SelfStore
  readonly #config: Config['adaptive']
  readonly #rarity: Rarity
  readonly #weights: ScoreWeights
  readonly #meter: SurpriseMeter
  readonly #onForeign: (foreign: ForeignValue) => string
  /** Numbers of kept fields that are self, each in the place that its low bits give. */
  readonly #clean = new Float64Array(memoMask + 1)

  constructor(options: {
    store: SelfStore
    config: Config['adaptive']
    rarity: Rarity
    weights: ScoreWeights
    onForeign: (foreign: ForeignValue) => string
  }) {
    this.#store = options.store
    this.#config = options.config
    this.#rarity = options.rarity
    this.#weights = options.weights
    this.#meter = new SurpriseMeter(options.rarity)
    this.#onForeign = options.onForeign
  }

  isRouteMature(route: Route): boolean {
    const profile = this.#store.route(route.id)
    return profile !== undefined && isMature(profile, this.#config)
  }

  /** Whether a request holds a field that is still learned, so that it is worth learning from. */
  hasImmatureField(request: CanonicalRequest): boolean {
    return request.fields.some((field) => {
      const own = this.#store.field(field.slot)
      return isCompared(field) && (own === undefined || !isMature(own, this.#config))
    })
  }

  inspect(request: CanonicalRequest, findings: Finding[]): void {
    const { fields } = request
    const first = findings.length
    const service = this.#store.service(request.route.service)
    if (service === undefined) return
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as Field
      if (this.#clean[field.memo & memoMask] === field.memo && field.memo > 0) continue
      const own = this.#store.field(field.slot)
      if (own !== undefined && hasOnlyChunks(field.value, own.self)) {
        // What is self stays self, and a kept field is compared with the same profile each time.
        if (field.memo > 0) this.#clean[field.memo & memoMask] = field.memo
        continue
      }
      if ((field.flags & fieldFlags.literal) !== 0 || !isCompared(field)) continue
      if (findings.length - first >= maxFindings) return
      this.#inspectValue(request, { field, own, service }, findings)
    }
    if (this.isRouteMature(request.route)) this.#inspectNames(request, findings, first)
  }

  /** Whether a value would be called foreign by what is known now: a false alarm, when ordinary traffic sends it. */
  wouldAlarm(field: Field, known: { readonly own: FieldProfile; readonly service: FieldProfile }): boolean {
    if (hasOnlyChunks(field.value, known.own.self)) return false
    const shared = field.sharedSlot === field.slot ? undefined : this.#store.field(field.sharedSlot)
    const surprise = this.#meter.measure(field.value, { own: known.own, shared })
    return logistic(logOddsOf(surprise, this.#weights)) >= this.#config.denyScore
  }

  #inspectValue(
    request: CanonicalRequest,
    known: { readonly field: Field; readonly own: FieldProfile | undefined; readonly service: FieldProfile },
    findings: Finding[],
  ): void {
    const { field, own, service } = known
    const named = field.sharedSlot === field.slot ? undefined : this.#store.field(field.sharedSlot)
    const shared = named ?? (own === undefined ? service : undefined)
    const surprise = this.#meter.measure(field.value, { own, shared })
    const fullScore = logistic(logOddsOf(surprise, this.#weights))
    const isCapped = field.location === 'header' || request.service !== request.route.service
    const score = isCapped ? Math.min(fullScore, maxDoubtfulScore) : fullScore
    if (score < minReported) return
    const basis = own ?? shared ?? service
    const acts = this.#mayAct(own, named, service)
    const chunks = this.#rarest(surprise.unseen.subarray(0, surprise.count))
    const id = fieldIdOf(field, request.route)
    const isDetector = acts && own !== undefined && chunks.length > 0 && score >= minActivated
    const source = isDetector
      ? this.#onForeign({ slot: field.slot, field: id, chunks, samples: own.samples })
      : 'unlike-self'
    const scope = own !== undefined ? 'this field' : named !== undefined ? 'this name on other routes' : 'this service'
    findings.push({
      layer: 'adaptive',
      source,
      field: id,
      score,
      reason: explainSurprise(field, surprise, { samples: basis.samples, scope, chunks }),
      ...(acts ? {} : { shadow: true }),
    })
  }

  /**
   * Whether what is known here is enough to act on: the field's own profile, or for a field that nobody knows the same
   * name elsewhere, or the service as a whole. A person's word for a field needs no more than a mature service.
   */
  #mayAct(own: FieldProfile | undefined, named: FieldProfile | undefined, service: FieldProfile): boolean {
    if (own === undefined) return isMature(named ?? service, this.#config)
    return isMature(own, this.#config) || (own.hasTrusted && isMature(service, this.#config))
  }

  /** Parameters that a mature route has never shown. */
  #inspectNames(request: CanonicalRequest, findings: Finding[], first: number): void {
    for (const field of request.fields) {
      if (findings.length - first >= maxFindings) return
      if (field.slot !== -1 || !isStructure(field)) continue
      findings.push({
        layer: 'adaptive',
        source: 'unknown-name',
        field: fieldIdOf(field, request.route),
        score: unknownNameScore,
        reason: `${field.location} field "${field.name}" was never seen on ${request.route.template}`,
      })
    }
  }

  #rarest(unseen: Uint16Array): number[] {
    return [...unseen].sort((a, b) => (this.#rarity[b] ?? 0) - (this.#rarity[a] ?? 0)).slice(0, 3)
  }
}

/** Fields whose names the API chooses: headers and cookies come and go with browsers and proxies. */
function isStructure(field: Field): boolean {
  if ((field.flags & (fieldFlags.derived | fieldFlags.fromName)) !== 0 || field.name.includes('~')) return false
  return ['query', 'form', 'json', 'xml', 'multipart'].includes(field.location)
}
