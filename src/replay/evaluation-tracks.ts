import { type Finding, formatFieldId, type Layer } from '../core/finding.ts'
import type { Verdict } from '../core/verdict.ts'
import type { RequestView } from '../request/request-view.ts'
import type { Control } from './control.ts'
import { createTrack, type ScoredCase, type Track } from './figures.ts'
import type { ReplayEngine } from './replay-engine.ts'
import type { TrafficRecord } from './traffic-record.ts'

/** A benign request that enforce mode would have refused. */
export type FalsePositive = { readonly id: string; readonly field: string | null; readonly reason: string }

/** Everything that is kept of the scored requests: a few numbers per request and judge. */
export type EvaluationTracks = {
  readonly cases: ScoredCase[]
  readonly all: Track
  readonly layers: ReadonlyMap<string, Track>
  readonly controls: ReadonlyMap<string, Track>
  readonly falsePositives: FalsePositive[]
}

/** Innate and adaptive findings together, and no memory: what the two add up to. */
export const bothLayers = 'both'

const maxFalsePositives = 20

export function createEvaluationTracks(layers: readonly Layer[], controls: Iterable<string>): EvaluationTracks {
  const names: string[] = [...layers]
  if (layers.includes('innate') && layers.includes('adaptive')) names.push(bothLayers)
  return {
    cases: [],
    all: createTrack(),
    layers: new Map(names.map((name) => [name, createTrack()])),
    controls: new Map([...controls].map((name) => [name, createTrack()])),
    falsePositives: [],
  }
}

export type ScoredRequest = {
  readonly record: TrafficRecord
  readonly group: string
  readonly view: RequestView
  readonly verdict: Verdict
}

export function addScored(
  tracks: EvaluationTracks,
  scored: ScoredRequest,
  judges: { readonly engine: ReplayEngine; readonly controls: ReadonlyMap<string, Control> },
): void {
  const { record, verdict } = scored
  const isRefused = wouldRefuse(verdict)
  tracks.cases.push({ label: record.label, category: record.category, group: scored.group })
  push(tracks.all, verdict.score, isRefused)
  for (const [name, track] of tracks.layers) {
    const alone = judges.engine.judge(verdict.findings.filter((finding) => belongsTo(finding, name)))
    push(track, alone.score, alone.isRefused)
  }
  for (const [name, track] of tracks.controls) {
    const score = judges.controls.get(name)?.score(scored.view) ?? 0
    push(track, score, score > 0)
  }
  if (isRefused && record.label === 'benign' && tracks.falsePositives.length < maxFalsePositives) {
    tracks.falsePositives.push(falsePositiveOf(record, verdict))
  }
}

/** What enforce mode does, or would have done on a route that only watches. */
export function wouldRefuse(verdict: Verdict): boolean {
  return verdict.kind !== 'allow' || verdict.would !== undefined
}

function push(track: Track, score: number, isRefused: boolean): void {
  track.scores.push(score)
  track.refused.push(isRefused)
}

function belongsTo(finding: Finding, name: string): boolean {
  if (name === bothLayers) return finding.layer === 'innate' || finding.layer === 'adaptive'
  return finding.layer === name
}

function falsePositiveOf(record: TrafficRecord, verdict: Verdict): FalsePositive {
  const acting = verdict.findings.filter((finding) => finding.shadow !== true)
  const worst = acting.toSorted((a, b) => b.score - a.score)[0]
  if (worst === undefined) return { id: record.id, field: null, reason: refusalOf(verdict) }
  const field = worst.field === null ? null : formatFieldId(worst.field)
  return { id: record.id, field, reason: `${worst.layer}:${worst.source} ${worst.reason}` }
}

function refusalOf(verdict: Verdict): string {
  return verdict.kind === 'deny' ? `Refused as ${verdict.because}.` : 'Slowed down.'
}
