import { createModelKeeper, type ModelKeeper } from './adaptive/self-model/model-keeper.ts'
import { type Assembly, assemble, loadConfiguredRules, type RuleSet } from './assemble.ts'
import { parseConfig } from './config/parse-config.ts'
import type { Config, ConfigInput } from './config/schema.ts'
import { type Clock, systemClock } from './core/clock.ts'
import { messageOf, ThymusError } from './core/errors.ts'
import { createEventBus, type EventBus, type EventListener, holdEvents, type ThymusEvent } from './core/events.ts'
import { layers } from './core/finding.ts'
import { createRandom, type Random } from './core/random.ts'
import type { Engine } from './engine/engine.ts'
import { createMemoryStorage, type Storage } from './storage/memory-storage.ts'
import { openStorage } from './storage/open-storage.ts'
import { createAudit } from './telemetry/audit.ts'
import { type CaseLog, createCaseLog } from './telemetry/cases.ts'
import { followCases } from './telemetry/follow-cases.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'

/** Thymus without a listener: what the gateway, the middleware and the dashboard are built on. */
export type Thymus = {
  /** Stays the same over reloads. */
  readonly engine: Engine
  /** The layers in force: a reload replaces them as a whole. */
  readonly parts: () => Assembly
  readonly config: () => Config
  /**
   * Takes in new settings as a whole: rules compiled, layers built, learned state carried over, then swapped. Throws and
   * leaves everything as it was when they cannot be used or need a restart.
   */
  readonly reload: (config: Config) => void
  readonly clock: Clock
  readonly events: EventBus
  readonly storage: Storage
  /** What the shared store last said of itself; `undefined` while it said nothing or there is none. */
  readonly storeNews: () => StoreNews | undefined
  readonly cases: CaseLog
  readonly metrics: Metrics
  /** Learns what is queued, writes everything that is to outlive the process, stops all timers. */
  readonly close: () => Promise<void>
}

export type StoreNews = Extract<ThymusEvent, { kind: 'store' }>

export type ThymusOptions = {
  readonly clock?: Clock
  readonly random?: Random
  readonly events?: EventBus
  /** `false` keeps everything in memory: nothing on disk, nothing shared. */
  readonly isPersistent?: boolean
  /** Where log lines go; standard output by default. */
  readonly output?: { readonly write: (line: string) => unknown }
}

const learnEveryMs = 100
const sweepEveryMs = 5_000
const tendModelsEveryMs = 10_000
/** Under this name storage keeps what was learned. */
export const selfSnapshotName = 'self'

/**
 * Makes a Thymus that runs: storage opened, learned state loaded, learning on. Throws a ThymusError when the
 * configuration, the rules or the data folder cannot be used.
 */
export async function createThymus(input: ConfigInput | Config = {}, options: ThymusOptions = {}): Promise<Thymus> {
  const config = parseConfig(input)
  const clock = options.clock ?? systemClock
  const random = options.random ?? createRandom(clock.now())
  const events = options.events ?? createEventBus()
  const storeNews = followStore(events)
  const opening = holdEvents(events.emit)
  const { emit } = opening
  const rules = loadConfiguredRules(config)
  const isPersistent = options.isPersistent !== false
  const storage = isPersistent
    ? await openStorage({ config, clock, emit })
    : createMemoryStorage({ nodeId: 'local', clock })
  const build = (settings: Config, compiled: RuleSet): Assembly =>
    assemble({
      config: settings,
      records: storage.records,
      clock,
      random,
      emit,
      rules: compiled,
      layers: new Set(layers),
    })
  const running = { parts: build(config, rules), config }
  await loadSelf(running.parts, storage, emit)
  const telemetry = openTelemetry(running, { clock, events, isPersistent, output: options.output })
  opening.release()
  const saveSelf = createSaver(() => running.parts.adaptive, storage, emit)
  const keeper = keeperOf(running, storage, emit)
  await keeper.load()
  let stopTimers = startTimers(running, { saveSelf, keeper })
  return {
    engine: steadyEngine(() => running.parts.engine, telemetry.metrics),
    parts: () => running.parts,
    config: () => running.config,
    reload: (next) => {
      refuseRestartSettings(running.config, next)
      const built = build(next, loadConfiguredRules(next))
      try {
        built.adaptive.restore(running.parts.adaptive.save())
        built.selfModels.restore(running.parts.selfModels.save())
      } catch (thrown) {
        closeParts(built)
        throw thrown
      }
      closeParts(running.parts)
      running.parts = built
      running.config = next
      stopTimers()
      stopTimers = startTimers(running, { saveSelf, keeper })
    },
    clock,
    events,
    storage,
    storeNews,
    cases: telemetry.cases,
    metrics: telemetry.metrics,
    close: async () => {
      stopTimers()
      running.parts.adaptive.learn()
      await saveSelf()
      await keeper.close()
      closeParts(running.parts)
      await telemetry.close()
      await storage.close()
    },
  }
}

/** The store speaks only when it changes, and first while it is opened: whoever asks later asks here. */
function followStore(events: EventBus): () => StoreNews | undefined {
  let last: StoreNews | undefined
  events.subscribe((event) => {
    if (event.kind === 'store') last = event
  })
  return () => last
}

/** What is in force; a reload replaces both. */
type Running = { parts: Assembly; config: Config }

function keeperOf(running: Running, { snapshots }: Storage, emit: EventListener): ModelKeeper {
  const isEnabled = () => running.config.adaptive.selfModel.enabled
  return createModelKeeper({ models: () => running.parts.selfModels, isEnabled, snapshots, emit })
}

function closeParts(parts: Assembly): void {
  parts.memory.close()
  parts.quarantine.close()
  parts.tolerances.close()
  parts.deploys.close()
  void parts.selfModels.close()
}

/** Background work, none of which keeps the process alive; returns the function that ends it. */
function startTimers(
  running: Running,
  { saveSelf, keeper }: { readonly saveSelf: () => Promise<void>; readonly keeper: ModelKeeper },
): () => void {
  const timers = [
    setInterval(() => running.parts.adaptive.learn(), learnEveryMs),
    setInterval(() => void saveSelf(), running.config.adaptive.snapshotEveryMs),
    setInterval(() => void keeper.tend(), tendModelsEveryMs),
    setInterval(() => {
      running.parts.quarantine.sweep()
      running.parts.memory.screen()
    }, sweepEveryMs),
  ]
  for (const timer of timers) timer.unref()
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

type Telemetry = { readonly cases: CaseLog; readonly metrics: Metrics; readonly close: () => Promise<void> }

/** Audit log, review list and metrics, all fed by the event bus. */
function openTelemetry(
  running: Running,
  options: {
    readonly clock: Clock
    readonly events: EventBus
    readonly isPersistent: boolean
    readonly output: ThymusOptions['output']
  },
): Telemetry {
  const { clock, events, isPersistent, output } = options
  const { telemetry, dataDir } = running.config
  const cases = createCaseLog({ capacity: telemetry.recentFindings })
  const unfollow = followCases(events, cases)
  const config = { ...telemetry, auditFile: telemetry.auditFile && isPersistent }
  const audit = createAudit({ config, dataDir, bus: events, clock, ...(output === undefined ? {} : { output }) })
  const sources = {
    heldClients: () => running.parts.quarantine.holds().filter(({ rung }) => rung !== 'watched').length,
    activeClients: () => running.parts.behaviour.activeClients(),
    memoryCells: () => running.parts.memory.cells().length,
    profiles: () => running.parts.adaptive.progress().fields,
    dropped: () => ({
      learning: running.parts.adaptive.progress().dropped,
      quarantine: running.parts.quarantine.dropped(),
      behaviour: running.parts.behaviour.dropped(),
    }),
    auditLost: audit.lost,
  }
  const metrics = createMetrics({ bus: events, withProcess: true, sources })
  return {
    cases,
    metrics,
    close: async () => {
      unfollow()
      metrics.close()
      await audit.close()
    },
  }
}

/** Every so-many-th inspection is timed: a histogram needs a sample, not every request's clock readings. */
const timingStride = 16

/** An engine that is always the one in force. */
function steadyEngine(engine: () => Engine, metrics: Pick<Metrics, 'inspected'>): Engine {
  let inspections = 0
  const timed: Engine['inspect'] = (view) => {
    const startMs = performance.now()
    const inspection = engine().inspect(view)
    metrics.inspected((performance.now() - startMs) / 1_000)
    return inspection
  }
  return {
    admit: (view) => engine().admit(view),
    get answers() {
      return engine().answers
    },
    inspect: (view) => {
      inspections += 1
      return inspections % timingStride === 0 ? timed(view) : engine().inspect(view)
    },
    settle: (inspection, outcome) => engine().settle(inspection, outcome),
    modeOf: (method, route) => engine().modeOf(method, route),
    confirm: (referenceId, by) => engine().confirm(referenceId, by),
  }
}

/** Settings that listeners, files and connections were opened with. */
const restartSettings = [
  'listen',
  'request',
  'admin',
  'upstream',
  'dataDir',
  'redis',
  'timeouts',
  'trustedProxies',
  'telemetry',
] as const

function refuseRestartSettings(before: Config, after: Config): void {
  const changed = restartSettings.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (changed.length === 0) return
  throw new ThymusError('THY_CONFIG', `a changed ${changed.join(', ')} takes effect only after a restart`)
}

/** Loads the learned state; damaged state is said aloud and learned anew, since traffic must not wait for it. */
async function loadSelf(parts: Assembly, storage: Storage, emit: EventListener): Promise<void> {
  try {
    const saved = await storage.snapshots.load(selfSnapshotName)
    if (saved !== undefined) parts.adaptive.restore(saved)
  } catch (thrown) {
    emit({ kind: 'fault', layer: 'adaptive', message: `starting without learned state: ${messageOf(thrown)}` })
  }
}

/** Saves learned state when it has changed; one save at a time. */
function createSaver(
  adaptive: () => Assembly['adaptive'],
  storage: Storage,
  emit: EventBus['emit'],
): () => Promise<void> {
  let savedSamples = -1
  let running: Promise<void> = Promise.resolve()
  const save = async (): Promise<void> => {
    const { samples } = adaptive().progress()
    if (samples === savedSamples) return
    try {
      await storage.snapshots.save(selfSnapshotName, adaptive().save())
      savedSamples = samples
    } catch (thrown) {
      emit({ kind: 'fault', layer: 'store', message: `learned state was not saved: ${messageOf(thrown)}` })
    }
  }
  return () => {
    running = running.then(save)
    return running
  }
}
