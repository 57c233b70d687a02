/**
 * Measures the engine on labelled traffic: teaches it with the training part, asks it about the rest, counts.
 * It must not let one scored request change what the next one gets, unless the layers that were asked for do so.
 */
import type { Layer } from '../core/finding.ts'
import { createClientArrivals, strangerArrival } from './arrival.ts'
import { type Breakdown, breakdownOf } from './breakdown.ts'
import { type Control, createPatternControl, createWhitelistControl } from './control.ts'
import { type EvaluationGroup, evaluationGroups, type Grouping } from './evaluation-groups.ts'
import {
  addScored,
  createEvaluationTracks,
  type EvaluationTracks,
  type FalsePositive,
  wouldRefuse,
} from './evaluation-tracks.ts'
import { type Figures, figuresOf } from './figures.ts'
import type { TrafficFormat } from './read-traffic.ts'
import { type Arrival, toRequestView } from './record-view.ts'
import type { ReplayEngine, ReplayEngineFactory } from './replay-engine.ts'
import { createSkipCount, type SkippedTraffic } from './skip-count.ts'
import type { SkipListener, TrafficRecord } from './traffic-record.ts'

export type EvaluationOptions = {
  readonly file: string
  readonly format?: TrafficFormat
  readonly groupBy: Grouping | null
  readonly layers: readonly Layer[]
  readonly isPoisoned: boolean
  /** Makes the engine of a group, in enforce mode, with these same layers. */
  readonly createEngine: ReplayEngineFactory
  /** Milliseconds of a monotonic clock. */
  readonly stopwatch?: () => number
}

/** What `thymus evaluate --json` prints. Shares are 0..1, `null` where there was nothing to count. */
export type EvaluationReport = Figures &
  Breakdown & {
    /** Records that were read as requests, taught ones included. */
    readonly records: number
    readonly taught: number
    readonly scored: number
    readonly groups: number
    readonly seconds: number
    /** Mean time of `inspect`. */
    readonly usPerRequest: number | null
    readonly falseAlarmsPer10000: number | null
    /** Each layer alone, and innate and adaptive together. */
    readonly layers: Readonly<Record<string, Figures>>
    /** Trivial judges for comparison. */
    readonly controls: Readonly<Record<string, Figures>>
    /** The first 20. */
    readonly falsePositives: readonly FalsePositive[]
    readonly skipped: SkippedTraffic
  }

type Run = {
  readonly options: EvaluationOptions
  readonly tracks: EvaluationTracks
  readonly onSkip: SkipListener
  readonly stopwatch: () => number
  taught: number
  groups: number
  strangers: number
  inspectMs: number
}

export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport> {
  const stopwatch = options.stopwatch ?? (() => performance.now())
  const { onSkip, skipped } = createSkipCount()
  const tracks = createEvaluationTracks(options.layers, createControls().keys())
  const run: Run = { options, tracks, onSkip, stopwatch, taught: 0, groups: 0, strangers: 0, inspectMs: 0 }
  const startMs = stopwatch()
  for await (const group of evaluationGroups({ ...options, onSkip })) await runGroup(run, group)
  return reportOf(run, { seconds: (stopwatch() - startMs) / 1_000, skipped: skipped() })
}

function createControls(): ReadonlyMap<string, Control> {
  return new Map([
    ['pattern', createPatternControl()],
    ['whitelist', createWhitelistControl()],
  ])
}

async function runGroup(run: Run, group: EvaluationGroup): Promise<void> {
  const engine = await run.options.createEngine(group.id)
  const controls = createControls()
  const arrive = run.options.layers.includes('behaviour') ? createClientArrivals() : undefined
  const arrivalOf = arrive ?? (() => strangerArrival(run.strangers++))
  run.groups += 1
  try {
    await teach(run, { engine, controls, records: group.teaching, arrivalOf: () => strangerArrival(run.strangers++) })
    engine.finishLearning()
    for await (const record of group.scored) {
      const view = viewOf(run, record, arrivalOf(record))
      if (view === undefined) continue
      const startMs = run.stopwatch()
      const inspection = engine.inspect(view)
      run.inspectMs += run.stopwatch() - startMs
      const { verdict } = inspection
      addScored(run.tracks, { record, group: group.id, view, verdict }, { engine, controls })
      const status = wouldRefuse(verdict) ? 403 : (record.status ?? 200)
      engine.settle(inspection, { status, atMs: view.receivedAtMs })
    }
  } finally {
    await engine.close()
  }
}

type Teaching = {
  readonly engine: ReplayEngine
  readonly controls: ReadonlyMap<string, Control>
  readonly records: EvaluationGroup['teaching']
  readonly arrivalOf: (record: TrafficRecord) => Arrival
}

async function teach(run: Run, teaching: Teaching): Promise<void> {
  for await (const record of teaching.records) {
    const view = viewOf(run, record, teaching.arrivalOf(record))
    if (view === undefined) continue
    run.taught += 1
    teaching.engine.learnVetted(view)
    for (const control of teaching.controls.values()) control.learn(view)
  }
}

function viewOf(run: Run, record: TrafficRecord, arrival: Arrival) {
  const result = toRequestView(record.request, arrival)
  if (result.kind === 'view') return result.view
  run.onSkip({ file: run.options.file, line: record.line }, result.reason)
  return undefined
}

function reportOf(run: Run, ran: { seconds: number; skipped: SkippedTraffic }): EvaluationReport {
  const { cases, all, layers, controls, falsePositives } = run.tracks
  const figures = figuresOf(cases, all)
  const { fpr } = figures.asDeployed
  return {
    records: run.taught + cases.length,
    taught: run.taught,
    scored: cases.length,
    groups: run.groups,
    seconds: ran.seconds,
    usPerRequest: cases.length === 0 ? null : (run.inspectMs * 1_000) / cases.length,
    ...figures,
    falseAlarmsPer10000: fpr === null ? null : fpr * 10_000,
    ...breakdownOf(cases, all),
    layers: Object.fromEntries([...layers].map(([name, track]) => [name, figuresOf(cases, track)])),
    controls: Object.fromEntries([...controls].map(([name, track]) => [name, figuresOf(cases, track)])),
    falsePositives,
    skipped: ran.skipped,
  }
}
