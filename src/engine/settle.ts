import type { Config } from '../config/schema.ts'
import type { EventListener } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { ClientIdentifier } from '../request/client-identity.ts'
import type { Engine, Inspection, Outcome } from './engine.ts'
import type { EngineLayers } from './layers.ts'
import { accusationsOf, doubtsOf, isAdmitted } from './learn.ts'
import { type Suspect, type Suspects, suspectsOf } from './suspects.ts'

type SettlementOptions = {
  readonly config: Config
  readonly layers: EngineLayers
  readonly suspects: Suspects
  readonly identifier: ClientIdentifier
  readonly emit: EventListener
}

/** A learned finding is remembered from this score on, once it is confirmed. */
const minSuspectScore = 0.8

/** What happens after the response: conduct, evidence, memory, learning, report. */
export function createSettlement(options: SettlementOptions): Pick<Engine, 'settle' | 'confirm'> {
  const { layers, suspects } = options
  return {
    settle: (inspection, outcome) => {
      const { request, verdict } = inspection
      if (request !== null) settleRequest(options, { inspection, request }, outcome)
      options.emit({
        kind: 'exchange',
        exchange: {
          atMs: outcome.atMs,
          clientId: inspection.clientId,
          service: inspection.service,
          method: inspection.method,
          route: inspection.route,
          verdict,
          status: outcome.status,
          durationMs: outcome.atMs - inspection.startedAtMs,
        },
      })
    },
    confirm: (referenceId, by) => {
      const found = suspects.ofReference(referenceId)
      return remember(layers, found, { confirmedBy: `person:${by}` })[0]
    },
  }
}

function settleRequest(
  options: SettlementOptions,
  settled: { readonly inspection: Inspection; readonly request: CanonicalRequest },
  outcome: Outcome,
): void {
  const { layers } = options
  const { inspection, request } = settled
  const { verdict } = inspection
  const isAnswered = verdict.kind === 'allow' && outcome.status > 0
  if (isAnswered) layers.behaviour?.observe(request, outcome)
  if (isAnswered) noteCredential(options.identifier, request, outcome.status)
  const doubts = doubtsOf(verdict.findings)
  const accusations = accusationsOf(doubts)
  if (accusations.length > 0) weigh(options, settled, accusations)
  else if (doubts.length === 0 && outcome.status > 0 && outcome.status < 400)
    layers.quarantine?.acquit(request.client.id)
  if (layers.adaptive === null) return
  const isSuspicious = layers.quarantine?.lookup(request.client.id) !== undefined
  if (isAdmitted(inspection, outcome, isSuspicious)) layers.adaptive.offer(request)
}

/** What an answer says of the credential that came with the request. */
function noteCredential(identifier: ClientIdentifier, request: CanonicalRequest, status: number): void {
  const route = `${request.view.method} ${request.route.template}`
  if (status === 401) identifier.challenged(route)
  else if (status < 400) identifier.vouch(request.hints, route)
}

/** Brings findings against the client; when two kinds of evidence stand, what it sent is remembered as an attack. */
function weigh(
  options: SettlementOptions,
  settled: { readonly inspection: Inspection; readonly request: CanonicalRequest },
  accusations: readonly Finding[],
): void {
  const { layers, suspects } = options
  const { client } = settled.request
  const { referenceId } = settled.inspection.verdict
  const found = suspectsOf(settled.request, accusations, { referenceId, minScore: minSuspectScore })
  suspects.add(client.id, referenceId, found)
  const { quarantine } = layers
  if (quarantine === null) return
  quarantine.accuse(client, accusations, layers.behaviour?.activeClients() ?? 1)
  if (!quarantine.isCorroborated(client.id)) return
  remember(layers, suspects.takeClient(client.id), { confirmedBy: 'second kind of evidence' })
}

/** Ids of the cells that were made. */
function remember(
  layers: EngineLayers,
  found: readonly Suspect[],
  options: { readonly confirmedBy: string },
): readonly string[] {
  return found.flatMap(({ attack, layer, source }, index) => {
    const confirmed = { ...attack, confirmedBy: [layer, options.confirmedBy] }
    const cell = layers.memory?.remember(confirmed)
    layers.adaptive?.corroborate([source], options.confirmedBy)
    if (cell === undefined) return []
    layers.adaptive?.confirm([source])
    const clones = layers.clones?.(cell, confirmed, index + 1) ?? []
    return [cell, ...clones].map(({ id }) => id)
  })
}
