import type { ShippedScorer } from '../antigen/load-scorer.ts'
import type { Config } from '../config/schema.ts'
import type { EventListener } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'
import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { DriftWatch } from './drift-watch.ts'
import type { FieldProfile } from './field-profile.ts'
import { isMature } from './maturity.ts'
import type { SelfStore } from './self-store.ts'
import { SourceBook } from './source-book.ts'

/** Findings of less weight are no reason to suspect anybody. */
const minAccusing = 0.9
/** A request of which rules or memory say more than this is no sign of a change. */
const maxDoubt = 0.3
/** So many times as many known sources make a change as make a thing self. */
const driftFactor = 2
const maxRelearning = 1_000

export type DriftOrScan = {
  readonly book: SourceBook
  /** Takes in what was found in a request; the learned layer's own findings begin at `first`. */
  readonly note: (request: CanonicalRequest, findings: readonly Finding[], first: number) => void
  /** Whether the source of a request teaches nothing for now. */
  readonly isExcluded: (request: CanonicalRequest) => boolean
  /** To be called after each batch of learning: says which profiles act again. */
  readonly settle: (atMs: number) => void
}

type Options = {
  readonly store: SelfStore
  readonly config: Config['adaptive']
  readonly inherited: ShippedScorer | null
  readonly emit: EventListener
}

type Place = { readonly service: string; readonly route: string; readonly what: string }

/** What sources send that self never showed: from one of them in many places a scan, from many well-known ones a change. */
export function createDriftOrScan({ store, config, inherited, emit }: Options): DriftOrScan {
  const book = new SourceBook(config.minSlices)
  const drift = new DriftWatch(config.minSources * driftFactor)
  const relearning = new Map<FieldProfile, Place>()
  let sweptSlice = -1
  const sliceAt = (atMs: number): number => Math.floor(atMs / config.sliceMs)

  const noteDrift = (request: CanonicalRequest, finding: Finding, source: number): void => {
    const profile = profileOf(store, request, finding)
    if (profile === undefined || !isMature(profile, config) || isAttackLike(request, finding, inherited)) return
    if (!drift.note(profile, source, sliceAt(request.view.receivedAtMs))) return
    const { service, template } = request.route
    const what = finding.field === null ? 'requests' : `${finding.field.location} field "${finding.field.name}"`
    if (relearning.size < maxRelearning) relearning.set(profile, { service, route: template, what })
    const detail = `${what}: many known sources send what was never seen`
    emit({ kind: 'profile-state', service, route: template, state: 'relearning', detail })
  }

  return {
    book,
    note: (request, findings, first) => {
      const source = hashText(request.client.source)
      const isDoubted = findings.slice(0, first).some(({ shadow, score }) => shadow !== true && score > maxDoubt)
      for (let index = first; index < findings.length; index += 1) {
        const finding = findings[index] as Finding
        if (finding.shadow === true || finding.score < minAccusing || finding.field?.location === 'header') continue
        book.accuse(source, placeOf(request, finding), sliceAt(request.view.receivedAtMs))
        if (!isDoubted && book.isEstablished(source)) noteDrift(request, finding, source)
      }
    },
    isExcluded: ({ client, view }) => book.isExcluded(hashText(client.source), sliceAt(view.receivedAtMs)),
    settle: (atMs) => {
      for (const [profile, { service, route, what }] of relearning) {
        if (!isMature(profile, config)) continue
        relearning.delete(profile)
        emit({ kind: 'profile-state', service, route, state: 'mature', detail: `${what}: learned what changed` })
      }
      if (sliceAt(atMs) === sweptSlice) return
      sweptSlice = sliceAt(atMs)
      book.sweep(sweptSlice)
    },
  }
}

function placeOf({ route }: CanonicalRequest, { field, source }: Finding): number {
  return hashText(field === null ? source : `${field.location} ${field.name}`, hashText(route.template))
}

/** The profile that a finding comes from: the field's, or for what is new about a request its route's. */
function profileOf(store: SelfStore, { service, route }: CanonicalRequest, finding: Finding): FieldProfile | undefined {
  const { field, source } = finding
  if (service !== route.service || route.id === -1) return undefined
  const isAboutForm = field === null || source.startsWith('request-')
  const slot = isAboutForm ? -1 : store.catalog.slotOf(route, field.location, field.name)
  return store.field(slot) ?? store.route(route.id)
}

/** Whether the inherited repertoire sees an attack: no number of known sources makes that a change of the API. */
function isAttackLike({ fields }: CanonicalRequest, { field }: Finding, inherited: ShippedScorer | null): boolean {
  if (field === null || inherited === null) return false
  return fields.some(
    ({ location, name, value }) =>
      location === field.location && name === field.name && inherited.scorer.score(value) > 0,
  )
}
