/**
 * Room engine: runs the layers over a request, decides, learns afterwards.
 * It must not touch a socket, wait for anything, or know how a layer works.
 */

import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { Finding, Layer } from '../core/finding.ts'
import type { Random } from '../core/random.ts'
import type { Mode, Refusal } from '../core/verdict.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Canonicalizer } from '../request/canonicalize.ts'
import type { ClientIdentifier } from '../request/client-identity.ts'
import type { HeadReader, RequestHead } from '../request/request-head.ts'
import type { RequestView } from '../request/request-view.ts'
import { createAnswers } from './answers.ts'
import { decide, type Thresholds } from './decide.ts'
import type { Engine, Inspection } from './engine.ts'
import type { EngineLayers } from './layers.ts'
import { compileModes, compileRequestMode } from './modes.ts'
import { createReferenceIds } from './reference-id.ts'
import { createSettlement } from './settle.ts'
import { Suspects } from './suspects.ts'

export type EngineOptions = {
  readonly config: Config
  readonly layers: EngineLayers
  readonly readHead: HeadReader
  readonly canonicalize: Canonicalizer
  readonly identifier: ClientIdentifier
  readonly clock: Clock
  readonly random: Random
  readonly emit: EventListener
}

/** Rules and memory refuse from this score on; all layers together from the other. */
const certainScore = 0.8
const togetherScore = 0.97
const maxSuspects = 2_000
const noFindings: readonly Finding[] = []

export function thresholdsOf(config: Config): Thresholds {
  return { certain: certainScore, adaptive: config.adaptive.denyScore, together: togetherScore }
}

/** Makes an engine; layers that are switched off are `null` and cost one comparison. */
export function createEngine(options: EngineOptions): Engine {
  const { config, layers, clock } = options
  const thresholds = thresholdsOf(config)
  const modeOf = compileModes(config)
  const requestMode = compileRequestMode(config, modeOf)
  const modeFor = (view: RequestView, { route, path }: RequestHead): Mode =>
    requestMode({ method: view.method, route: route.template, path: path.wire, resolved: path.resolved })
  const nextReference = createReferenceIds(options.random)
  const suspects = new Suspects(maxSuspects)
  const standing = createStanding(layers)
  const layerWalk = createLayerWalk(options)
  const settlement = createSettlement({ config, layers, suspects, identifier: options.identifier, emit: options.emit })

  const finish = (
    view: RequestView,
    head: RequestHead,
    found: { request: CanonicalRequest | null; findings: readonly Finding[]; refusal: Refusal | null },
  ): Inspection => {
    const mode = modeFor(view, head)
    const evidence = { findings: found.findings, standing: found.refusal, mode, referenceId: nextReference() }
    return {
      verdict: decide(evidence, thresholds),
      request: found.request,
      clientId: head.client.id,
      service: head.route.service,
      method: view.method,
      route: head.route.template,
      startedAtMs: view.receivedAtMs,
    }
  }

  const answers = createAnswers({
    config,
    innate: layers.innate,
    thresholds,
    emit: options.emit,
    tolerate: (findings, request) => tolerated(findings, request, layers),
  })

  return {
    modeOf,
    answers,
    admit: (view) => {
      const head = options.readHead(view)
      view.notes = head
      const mode = modeFor(view, head)
      if (mode !== 'enforce') return null
      const refusal = standing(view, head, clock.now())
      return refusal === null ? null : finish(view, head, { request: null, findings: noFindings, refusal })
    },
    inspect: (view) => {
      // Only `admit` writes notes, so that what is there is a head that has been read and charged.
      const known = view.notes as RequestHead | undefined
      const head = known ?? options.readHead(view)
      const mode = modeFor(view, head)
      if (mode === 'off') return finish(view, head, { request: null, findings: noFindings, refusal: null })
      const isCharged = known !== undefined && mode === 'enforce'
      const refusal = isCharged ? null : standing(view, head, clock.now())
      if (refusal !== null && mode === 'enforce')
        return finish(view, head, { request: null, findings: noFindings, refusal })
      const request = options.canonicalize(view, head)
      const walked = layerWalk(request)
      return finish(view, head, { request, findings: walked.findings, refusal: refusal ?? walked.refusal })
    },
    settle: (inspection, outcome) => settlement.settle(inspection, outcome),
    confirm: (referenceId, by) => settlement.confirm(referenceId, by),
  }
}

/** Whose pace a request counts for: a client known only by its address cannot double it with another user agent. */
function paceKeyOf({ client }: RequestHead): string {
  return client.kind === 'address' ? client.source : client.id
}

/** What a client's hold and its pace ask for before its request is looked at. Takes a token per call. */
function createStanding(layers: EngineLayers): (view: RequestView, head: RequestHead, nowMs: number) => Refusal | null {
  const { quarantine, rateLimits } = layers
  return (view, head, nowMs) => {
    const hold = quarantine?.lookup(head.client.id)
    if (quarantine !== null && hold !== undefined && !quarantine.permits(hold, view.method, head.route.template)) {
      if (hold.rung === 'slowed') return { kind: 'slow', status: 429, retryAfterMs: quarantine.retryAfterMs(hold) }
      return { kind: 'deny', status: 403, because: hold.rung === 'restricted' ? 'restricted' : 'held' }
    }
    const waitMs = rateLimits?.take(paceKeyOf(head), head.route.template, nowMs) ?? 0
    return waitMs > 0 ? { kind: 'slow', status: 429, retryAfterMs: waitMs } : null
  }
}

type Walked = { readonly findings: readonly Finding[]; readonly refusal: Refusal | null }
type Step = {
  readonly layer: Layer
  readonly deniesOnFault: boolean
  readonly run: (request: CanonicalRequest, findings: Finding[]) => void
}

const faultRefusal: Refusal = { kind: 'deny', status: 503, because: 'fault' }

/** Compiles the layers that are on into one list of steps; a step that throws is reported and follows its policy. */
function createLayerWalk(options: EngineOptions): (request: CanonicalRequest) => Walked {
  const { layers, emit } = options
  const steps = compileSteps(options.config, layers)
  return (request) => {
    const findings: Finding[] = []
    let refusal: Refusal | null = null
    for (const step of steps) {
      try {
        step.run(request, findings)
      } catch (thrown) {
        emit({ kind: 'fault', layer: step.layer, message: messageOf(thrown) })
        if (step.deniesOnFault) refusal = faultRefusal
      }
    }
    return { findings: findings.length === 0 ? noFindings : tolerated(findings, request, layers), refusal }
  }
}

function compileSteps(config: Config, layers: EngineLayers): readonly Step[] {
  const { innate, memory, adaptive, behaviour } = layers
  const steps: Step[] = []
  const add = (layer: Layer, run: Step['run']): void => {
    steps.push({ layer, deniesOnFault: config[layer].onFault === 'deny', run })
  }
  if (innate !== null) add('innate', (request, findings) => innate.inspect(request, findings))
  if (memory !== null) add('memory', (request, findings) => memory.inspect(request, findings))
  if (adaptive !== null) add('adaptive', (request, findings) => adaptive.inspect(request, findings))
  if (behaviour !== null) add('behaviour', (request, findings) => behaviour.inspect(request, findings))
  return steps
}

/** A tolerated finding is still reported, and no longer acts. */
function tolerated(
  findings: readonly Finding[],
  { route }: CanonicalRequest,
  { tolerances }: EngineLayers,
): readonly Finding[] {
  if (tolerances === null) return findings
  const place = { service: route.service, method: route.method, route: route.template }
  return findings.map((finding) => (tolerances.covers(finding, place) ? { ...finding, shadow: true } : finding))
}
