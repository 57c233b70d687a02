/**
 * Runs recorded traffic through the engine as if it arrived again: in order, at its times, from its clients.
 * It must not wait, open a socket or decide anything itself.
 */
import type { Refusal, Verdict } from '../core/verdict.ts'
import { createClientArrivals } from './arrival.ts'
import { inOrder } from './in-order.ts'
import { readTraffic, type TrafficFormat } from './read-traffic.ts'
import { toRequestView } from './record-view.ts'
import type { ReplayEngine } from './replay-engine.ts'
import { createSkipCount, type SkippedTraffic } from './skip-count.ts'
import type { TrafficRecord } from './traffic-record.ts'

export type ReplayOptions = {
  readonly file: string
  readonly format?: TrafficFormat
  /** All layers on; its mode decides whether refusals are real or only said. */
  readonly engine: ReplayEngine
}

/** The first time that a client was refused. */
export type FirstRefusal = {
  readonly clientId: string
  readonly recordId: string
  /** Number of the request among those of this client, from 1. */
  readonly request: number
  readonly atMs: number
  readonly reason: string
}

export type ReplayReport = {
  readonly records: number
  readonly clients: number
  /** What was done, and what enforce mode would have done instead of letting pass. */
  readonly verdicts: { readonly allow: number; readonly slow: number; readonly deny: number; readonly would: number }
  /** Refusals, real and said, per reason. */
  readonly refusals: Readonly<Record<string, number>>
  /** Clients that were slowed, restricted or isolated, or would have been. */
  readonly held: readonly string[]
  /** In order of time; the first 1,000. */
  readonly firstRefusals: readonly FirstRefusal[]
  readonly skipped: SkippedTraffic
}

type ClientCount = { requests: number; isRefused: boolean }

type Tally = {
  records: number
  readonly verdicts: { allow: number; slow: number; deny: number; would: number }
  readonly refusals: Map<string, number>
  readonly clients: Map<string, ClientCount>
  readonly held: Set<string>
  readonly firstRefusals: FirstRefusal[]
}

const learnEvery = 64
const maxFirstRefusals = 1_000

export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { onSkip, skipped } = createSkipCount()
  const arrivalOf = createClientArrivals()
  const tally = createTally()
  const format = options.format === undefined ? {} : { format: options.format }
  for await (const record of inOrder(readTraffic(options.file, { onSkip, ...format }))) {
    const result = toRequestView(record.request, arrivalOf(record))
    if (result.kind === 'unreadable') {
      onSkip({ file: options.file, line: record.line }, result.reason)
      continue
    }
    const atMs = result.view.receivedAtMs
    const inspection = options.engine.inspect(result.view)
    const { verdict, clientId } = inspection
    count(tally, { record, clientId, verdict, atMs })
    const status = verdict.kind === 'allow' ? (record.status ?? 200) : verdict.status
    options.engine.settle(inspection, { status, atMs })
    if (tally.records % learnEvery === 0) options.engine.learn()
  }
  options.engine.learn()
  return {
    records: tally.records,
    clients: tally.clients.size,
    verdicts: tally.verdicts,
    refusals: Object.fromEntries(tally.refusals),
    held: [...tally.held],
    firstRefusals: tally.firstRefusals,
    skipped: skipped(),
  }
}

function createTally(): Tally {
  return {
    records: 0,
    verdicts: { allow: 0, slow: 0, deny: 0, would: 0 },
    refusals: new Map(),
    clients: new Map(),
    held: new Set(),
    firstRefusals: [],
  }
}

type Replayed = {
  readonly record: TrafficRecord
  readonly clientId: string
  readonly verdict: Verdict
  readonly atMs: number
}

function count(tally: Tally, replayed: Replayed): void {
  const { clientId, verdict } = replayed
  const client = tally.clients.get(clientId) ?? { requests: 0, isRefused: false }
  tally.clients.set(clientId, client)
  tally.records += 1
  tally.verdicts[verdict.kind] += 1
  client.requests += 1
  const refusal = refusalOf(verdict)
  if (refusal === undefined) return
  if (verdict.kind === 'allow') tally.verdicts.would += 1
  const reason = refusal.kind === 'slow' ? 'slow' : refusal.because
  tally.refusals.set(reason, (tally.refusals.get(reason) ?? 0) + 1)
  if (reason === 'slow' || reason === 'held' || reason === 'restricted') tally.held.add(clientId)
  if (client.isRefused) return
  client.isRefused = true
  if (tally.firstRefusals.length >= maxFirstRefusals) return
  tally.firstRefusals.push({
    clientId,
    recordId: replayed.record.id,
    request: client.requests,
    atMs: replayed.atMs,
    reason: reasonOf(verdict, reason),
  })
}

function refusalOf(verdict: Verdict): Refusal | undefined {
  return verdict.kind === 'allow' ? verdict.would : verdict
}

function reasonOf(verdict: Verdict, reason: string): string {
  const acting = verdict.findings.filter((finding) => finding.shadow !== true)
  const worst = acting.toSorted((a, b) => b.score - a.score)[0]
  return worst === undefined ? reason : `${reason}: ${worst.layer}:${worst.source} ${worst.reason}`
}
