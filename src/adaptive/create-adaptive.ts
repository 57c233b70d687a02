/**
 * Room adaptive: learns what a service's own traffic looks like (self) and reports what is foreign to it.
 * It must not act, must not learn on the request path, and must not grow by anything that was not admitted.
 */

import type { BlockList } from 'node:net'
import type { ShippedScorer } from '../antigen/load-scorer.ts'
import type { Config } from '../config/schema.ts'
import { createBlockList } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { EventListener } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'
import type { Route } from '../request/route.ts'
import type { RouteCatalog } from '../request/route-catalog.ts'
import { isSelfFeature } from './acting-detectors.ts'
import type { Adaptive, ProfileSummary } from './adaptive.ts'
import { DetectorRegistry, type ScreeningSelf } from './detector-registry.ts'
import { createDriftOrScan, type DriftOrScan } from './drift-or-scan.ts'
import { type EvidenceVisitor, type ForeignValue, Inspector } from './inspector.ts'
import { Learner } from './learner.ts'
import { createLearningPace } from './learning-pace.ts'
import { isMature, maturityOf } from './maturity.ts'
import { progressOf, summarizeProfiles } from './progress.ts'
import type { Rarity } from './rarity.ts'
import type { ScoreModel } from './score-model.ts'
import { createSelfGrams, type GrowingSelfGrams } from './self-grams.ts'
import { SelfStore } from './self-store.ts'
import { restoreSelf, saveSelf } from './snapshot.ts'

export type AdaptiveOptions = {
  readonly config: Config['adaptive']
  readonly catalog: RouteCatalog
  readonly rarity: Rarity
  readonly model: ScoreModel
  /** The inherited repertoire, for self to silence; `null` leaves it out. */
  readonly inherited: ShippedScorer | null
  readonly comparesShape: boolean
  /** Whether a deploy was marked there, so that new things are expected. */
  readonly expectsNews: (place: { service: string; method: string; route: string }) => boolean
  readonly clock: Clock
  readonly emit: EventListener
}

/** The parts that only the composition root and replay use. */
export type AdaptiveControl = Adaptive & {
  /** The service whose self a named host is compared with: itself when mature, else the largest that is. */
  readonly resolveService: (named: string) => string
  /** How foreign one value is to what is known now, in 0..1, whether that may act or not. */
  readonly foreignness: (request: CanonicalRequest, field: Field) => number
  /** Shows what speaks for a request being foreign, field by field; nothing is reported. */
  readonly visit: (request: CanonicalRequest, visit: EvidenceVisitor) => void
  /** Learns a request that a person vouches for, at once. */
  readonly learnVetted: (request: CanonicalRequest) => void
  /** Tells detectors that fired on a request that other evidence stands beside them. */
  readonly corroborate: (detectorIds: readonly string[], by: string) => void
  readonly confirm: (detectorIds: readonly string[]) => void
}

/** Requests that wait for learning; further ones are not learned from, which costs nothing but time. */
const maxQueued = 1_000
/** Requests learned in one go, so that learning never holds up a request for long. */
const batchSize = 64
const maxDetectors = 5_000

export function createAdaptive(options: AdaptiveOptions): AdaptiveControl {
  const { config, clock } = options
  const { store, selfGrams, detectors, inspector, learner, changes } = createParts(options)
  const announce = createAnnouncer(store, options)
  const screeningSelf = screeningSelfOf(store)
  let queue: CanonicalRequest[] = []
  let dropped = 0
  /** The best known service; settled after each batch of learning. */
  let mainService: string | undefined
  /** Whether a person taught something since the detectors were last screened. */
  let isTaught = false

  const isWorthLearning = createLearningPace((request) => inspector.hasImmatureField(request))

  return {
    inspect: (request: CanonicalRequest, findings: Finding[]) => {
      const first = findings.length
      inspector.inspect(request, findings)
      if (findings.length > first) changes.note(request, findings, first)
    },
    offer: (request) => {
      if (changes.isExcluded(request)) return
      const isOwnService = request.service === request.route.service
      if (isOwnService && inspector.isRouteMature(request.route) && !isWorthLearning(request)) return
      if (queue.length >= maxQueued) dropped += 1
      else queue.push(request)
    },
    learn: () => {
      const batch = queue.slice(0, batchSize)
      queue = queue.slice(batchSize)
      for (const request of batch) learner.learn(request, false)
      const last = batch.at(-1)
      if (last !== undefined) {
        changes.settle(last.view.receivedAtMs)
        if (store.expireAt(last.view.receivedAtMs, config) > 0) {
          inspector.forget()
          tolerateOverruled(detectors, store)
        }
      }
      if (batch.length === 0 && !isTaught) return
      isTaught = false
      mainService = store.largestService((profile) => isMature(profile, config))
      detectors.screen(screeningSelf, clock.now())
      announce()
    },
    foreignness: (request, field) => inspector.foreignness(request, field),
    visit: (request, visit) => inspector.visit(request, visit),
    resolveService: (named) => {
      const own = store.service(named)
      if (own !== undefined && isMature(own, config)) return named
      return mainService ?? named
    },
    learnVetted: (request) => {
      learner.learn(request, true)
      isTaught = true
    },
    progress: () => progressOf(store, config, dropped + store.dropped + store.catalog.dropped()),
    profiles: (limit): readonly ProfileSummary[] => summarizeProfiles(store, config, limit),
    ...detectorControl(detectors, store, clock),
    selfGrams,
    save: () => saveSelf({ store, grams: selfGrams, detectors }),
    restore: (content) => {
      restoreSelf(content, { store, grams: selfGrams, detectors })
      inspector.forget()
      mainService = store.largestService((profile) => isMature(profile, config))
    },
  }
}

type Parts = {
  readonly store: SelfStore
  readonly selfGrams: GrowingSelfGrams
  readonly detectors: DetectorRegistry
  readonly inspector: Inspector
  readonly learner: Learner
  readonly changes: DriftOrScan
}

/** What is known, who compares with it, and who makes it grow. */
function createParts(options: AdaptiveOptions): Parts {
  const { config, clock, inherited, comparesShape, rarity, expectsNews } = options
  const store = new SelfStore(options.catalog, config.maxProfiles, options.model, config.minSources)
  const selfGrams = createSelfGrams()
  const detectors = new DetectorRegistry(maxDetectors)
  const isExpecting = ({ service, method, template }: Route): boolean =>
    expectsNews({ service, method, route: template })
  const changes = createDriftOrScan({ store, config, inherited, emit: options.emit })
  const inspector = new Inspector({
    store,
    config,
    rarity,
    weights: options.model.weights,
    inherited,
    comparesShape,
    onForeign: (foreign) => matchDetectors(detectors, foreign, clock.now()),
    /** Also where many known sources show that a route has changed. */
    expectsNews: (route) => isExpecting(route) || store.route(route.id)?.isRelearning === true,
    onShed: () => options.emit({ kind: 'shed', layer: 'adaptive' }),
  })
  const learner = new Learner({
    store,
    rule: config,
    trusted: trustedBlocksOf(config),
    onSelfValue: selfGrams.add,
    judge: inspector,
    inherited,
    book: changes.book,
    expectsNews: isExpecting,
  })
  return { store, selfGrams, detectors, inspector, learner, changes }
}

type DetectorControl = Pick<AdaptiveControl, 'corroborate' | 'confirm' | 'detectors' | 'retireDetector'>

/** What others may do with detectors. */
function detectorControl(detectors: DetectorRegistry, store: SelfStore, clock: Clock): DetectorControl {
  return {
    corroborate: (ids, by) => {
      for (const id of ids) detectors.apply(id, { kind: 'corroborated', atMs: clock.now(), by })
    },
    confirm: (ids) => {
      for (const id of ids) detectors.apply(id, { kind: 'confirmed', atMs: clock.now() })
    },
    detectors: (limit) => detectors.list(limit),
    retireDetector: (id) => {
      const retired = detectors.retire(id, clock.now())
      if (retired !== undefined) store.field(retired.slot)?.tolerate(retired.feature)
      return detectors.find(id)
    },
  }
}

/** Self forgets with time; what a person called normal stays so. */
function tolerateOverruled(detectors: DetectorRegistry, store: SelfStore): void {
  for (const { slot, feature } of detectors.overruled()) store.field(slot)?.tolerate(feature)
}

function trustedBlocksOf({ trustedSources }: Config['adaptive']): BlockList | null {
  return trustedSources.length === 0 ? null : createBlockList(trustedSources, 'adaptive.trustedSources')
}

/** Tells when a service's state of learning changes. */
function createAnnouncer(store: SelfStore, { config, emit }: AdaptiveOptions): () => void {
  const announced = new Map<string, string>()
  return () => {
    for (const [service, profile] of store.services()) {
      const { state, missing } = maturityOf(profile, config, 'requests')
      if (announced.get(service) === state) continue
      announced.set(service, state)
      emit({ kind: 'profile-state', service, route: '*', state, detail: missing.join(', ') })
    }
  }
}

function matchDetectors(registry: DetectorRegistry, foreign: ForeignValue, atMs: number): string {
  const { slot, field, samples, detectors } = foreign
  const ids = detectors.map(({ feature, pattern }) => registry.match({ slot, feature, pattern, field, samples, atMs }))
  return ids[0] ?? 'unlike-self'
}

function screeningSelfOf(store: SelfStore): ScreeningSelf {
  return {
    has: (slot, feature) => {
      const profile = store.field(slot)
      return profile !== undefined && isSelfFeature(profile, feature)
    },
    samples: (slot) => store.field(slot)?.samples ?? 0,
  }
}
