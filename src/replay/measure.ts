/**
 * Measures the engine on labelled traffic: teaches it with the training part, asks it about the rest, keeps what every
 * judge said. It must not let one scored request change what the next one gets, unless the layers that were asked for
 * do so.
 */
import type { Layer } from '../core/finding.ts'
import { createRandom, type Random } from '../core/random.ts'
import { type Arrangement, arrange } from './arrangement.ts'
import { createClientArrivals, strangerArrival } from './arrival.ts'
import { type Control, createPatternControl, createWhitelistControl } from './control.ts'
import { type EvaluationGroup, evaluationGroups, type Grouping } from './evaluation-groups.ts'
import { addScored, createEvaluationTracks, type EvaluationTracks, wouldRefuse } from './evaluation-tracks.ts'
import { teachOrdinarily } from './ordinary-teaching.ts'
import { padded } from './padding.ts'
import { type Protocol, plainProtocol } from './protocol.ts'
import { createProtocolCount, type ProtocolCount } from './protocol-report.ts'
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
  /** How teaching and asking depart from the plain way. */
  readonly protocol?: Protocol
  /** Makes the engine of a group, in enforce mode, with these same layers. */
  readonly createEngine: ReplayEngineFactory
  /** Milliseconds of a monotonic clock. */
  readonly stopwatch?: () => number
}

/** What was measured, before it is made into figures: every case with what each judge thought of it. */
export type Measurement = {
  readonly tracks: EvaluationTracks
  readonly counts: {
    readonly taught: number
    readonly groups: number
    readonly inspectMs: number
    readonly seconds: number
    readonly skipped: SkippedTraffic
  }
  readonly protocol: Protocol
  readonly protocolCount: ProtocolCount
}

type Run = {
  readonly options: EvaluationOptions
  readonly protocol: Protocol
  readonly protocolCount: ProtocolCount
  readonly tracks: EvaluationTracks
  readonly onSkip: SkipListener
  readonly stopwatch: () => number
  readonly padRandom: Random
  taught: number
  groups: number
  strangers: number
  inspectMs: number
}

export async function measure(options: EvaluationOptions): Promise<Measurement> {
  const stopwatch = options.stopwatch ?? (() => performance.now())
  const { onSkip, skipped } = createSkipCount()
  const protocol = options.protocol ?? plainProtocol
  const run: Run = {
    options,
    protocol,
    protocolCount: createProtocolCount(),
    tracks: createEvaluationTracks(options.layers, createControls().keys()),
    onSkip,
    stopwatch,
    padRandom: createRandom(protocol.seed),
    taught: 0,
    groups: 0,
    strangers: 0,
    inspectMs: 0,
  }
  const startMs = stopwatch()
  for await (const group of evaluationGroups({ ...options, onSkip })) await runGroup(run, group)
  const { tracks, protocolCount, taught, groups, inspectMs } = run
  const seconds = (stopwatch() - startMs) / 1_000
  return { tracks, protocol, protocolCount, counts: { taught, groups, inspectMs, seconds, skipped: skipped() } }
}

function createControls(): ReadonlyMap<string, Control> {
  return new Map([
    ['pattern', createPatternControl()],
    ['whitelist', createWhitelistControl()],
  ])
}

/** What a group is judged by. */
type Judges = { readonly engine: ReplayEngine; readonly controls: ReadonlyMap<string, Control> }

async function runGroup(run: Run, group: EvaluationGroup): Promise<void> {
  const engine = await run.options.createEngine(group.id)
  const judges: Judges = { engine, controls: createControls() }
  const arrive = run.options.layers.includes('behaviour') ? createClientArrivals() : undefined
  const arrivalOf = arrive ?? (() => strangerArrival(run.strangers++))
  run.groups += 1
  try {
    const { teaching, scored } = await arrange(group, run.protocol)
    if (teaching.kind === 'vetted') await teachVetted(run, judges, teaching.records)
    else teachByTraffic(run, judges, teaching)
    for await (const record of scored) ask(run, judges, { group: group.id, record, arrival: arrivalOf(record) })
    if (teaching.kind === 'ordinary') askSetApart(run, judges, teaching.division.setApart)
  } finally {
    await engine.close()
  }
}

type Asked = { readonly group: string; readonly record: TrafficRecord; readonly arrival: Arrival }

function ask(run: Run, judges: Judges, asked: Asked): void {
  const record = paddedRecord(run, asked.record)
  const view = viewOf(run, record, asked.arrival)
  if (view === undefined) return
  const startMs = run.stopwatch()
  const inspection = judges.engine.inspect(view)
  run.inspectMs += run.stopwatch() - startMs
  const { verdict } = inspection
  addScored(run.tracks, { record, group: asked.group, view, verdict }, judges)
  const status = wouldRefuse(verdict) ? 403 : (record.status ?? 200)
  judges.engine.settle(inspection, { status, atMs: view.receivedAtMs })
}

function paddedRecord(run: Run, record: TrafficRecord): TrafficRecord {
  const characters = run.protocol.padCharacters
  if (characters === 0 || record.label !== 'attack') return record
  const longer = padded(record, { characters, random: run.padRandom })
  if (longer === undefined) run.protocolCount.unpadded += 1
  else run.protocolCount.padded += 1
  return longer ?? record
}

async function teachVetted(run: Run, judges: Judges, records: EvaluationGroup['teaching']): Promise<void> {
  for await (const record of records) {
    const view = viewOf(run, record, strangerArrival(run.strangers++))
    if (view === undefined) continue
    if (judges.engine.learnVetted(view)) run.taught += 1
    for (const control of judges.controls.values()) control.learn(view)
  }
  await judges.engine.finishLearning()
}

type OrdinaryArrangement = Extract<Arrangement['teaching'], { readonly kind: 'ordinary' }>

/** The controls have no admission: they take everything that was sent. */
function teachByTraffic(run: Run, judges: Judges, { lessons, division }: OrdinaryArrangement): void {
  const sent = teachOrdinarily(judges.engine, lessons, (view, lesson) => {
    if (!lesson.isPoison) run.taught += 1
    for (const control of judges.controls.values()) control.learn(view)
  })
  const { poison } = run.protocolCount
  poison.benignSent += sent.benign.sent
  poison.benignAdmitted += sent.benign.admitted
  poison.sent += sent.poison.sent
  poison.admitted += sent.poison.admitted
  if (division.field !== null) poison.fields += 1
}

/** What becomes of the very attacks that were sent while learning. */
function askSetApart(run: Run, judges: Judges, setApart: readonly TrafficRecord[]): void {
  for (const record of setApart) {
    const view = viewOf(run, record, strangerArrival(run.strangers++))
    if (view === undefined) continue
    const { poison } = run.protocolCount
    const inspection = judges.engine.inspect(view)
    const isRefused = wouldRefuse(inspection.verdict)
    poison.scores.push(inspection.verdict.score)
    if (isRefused) poison.refused += 1
    judges.engine.settle(inspection, { status: isRefused ? 403 : 200, atMs: view.receivedAtMs })
  }
}

function viewOf(run: Run, record: TrafficRecord, arrival: Arrival) {
  const result = toRequestView(record.request, arrival)
  if (result.kind === 'view') return result.view
  run.onSkip({ file: run.options.file, line: record.line }, result.reason)
  return undefined
}
