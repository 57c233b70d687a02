import { type Assembly, assemble, loadConfiguredRules } from './assemble.ts'
import { parseConfig } from './config/parse-config.ts'
import type { Config, ConfigInput } from './config/schema.ts'
import { type Clock, systemClock } from './core/clock.ts'
import { messageOf } from './core/errors.ts'
import { createEventBus, type EventBus } from './core/events.ts'
import { layers } from './core/finding.ts'
import { createRandom, type Random } from './core/random.ts'
import { createMemoryStorage, type Storage } from './storage/memory-storage.ts'
import { openStorage } from './storage/open-storage.ts'
import { createAudit } from './telemetry/audit.ts'
import { type CaseLog, createCaseLog } from './telemetry/cases.ts'
import { followCases } from './telemetry/follow-cases.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'

/** Thymus without a listener: what the gateway, the middleware and the dashboard are built on. */
export type Thymus = Assembly & {
  readonly config: Config
  readonly clock: Clock
  readonly events: EventBus
  readonly storage: Storage
  readonly cases: CaseLog
  readonly metrics: Metrics
  /** Learns what is queued, writes everything that is to outlive the process, stops all timers. */
  readonly close: () => Promise<void>
}

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
const snapshotName = 'self'

/**
 * Makes a Thymus that runs: storage opened, learned state loaded, learning on. Throws a ThymusError when the
 * configuration, the rules or the data folder cannot be used.
 */
export async function createThymus(input: ConfigInput | Config = {}, options: ThymusOptions = {}): Promise<Thymus> {
  const config = parseConfig(input)
  const clock = options.clock ?? systemClock
  const random = options.random ?? createRandom(clock.now())
  const events = options.events ?? createEventBus()
  const { emit } = events
  const rules = loadConfiguredRules(config)
  const storage =
    options.isPersistent === false
      ? createMemoryStorage({ nodeId: 'local', clock })
      : await openStorage({ config, clock, emit })
  const parts = assemble({ config, records: storage.records, clock, random, emit, rules, layers: new Set(layers) })
  await loadSelf(parts, storage, events)
  const cases = createCaseLog({ capacity: config.telemetry.recentFindings })
  const unfollow = followCases(events, cases)
  const audit = createAudit({
    config: { ...config.telemetry, auditFile: config.telemetry.auditFile && options.isPersistent !== false },
    dataDir: config.dataDir,
    bus: events,
    clock,
    ...(options.output === undefined ? {} : { output: options.output }),
  })
  const metrics = createMetrics({
    bus: events,
    withProcess: true,
    sources: {
      heldClients: () => parts.quarantine.holds().length,
      activeClients: () => parts.behaviour.activeClients(),
      memoryCells: () => parts.memory.cells().length,
      profiles: () => parts.adaptive.progress().fields,
      dropped: () => ({ learning: parts.adaptive.progress().dropped, quarantine: parts.quarantine.dropped() }),
      auditLost: audit.lost,
    },
  })
  const saveSelf = createSaver(parts, storage, emit)
  const timers = [
    setInterval(parts.adaptive.learn, learnEveryMs),
    setInterval(() => void saveSelf(), config.adaptive.snapshotEveryMs),
    setInterval(() => {
      parts.quarantine.sweep()
      parts.memory.screen()
    }, sweepEveryMs),
  ]
  for (const timer of timers) timer.unref()
  return {
    ...parts,
    config,
    clock,
    events,
    storage,
    cases,
    metrics,
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      parts.adaptive.learn()
      await saveSelf()
      parts.memory.close()
      unfollow()
      metrics.close()
      await audit.close()
      await storage.close()
    },
  }
}

/** Loads the learned state; damaged state is said aloud and learned anew, since traffic must not wait for it. */
async function loadSelf(parts: Assembly, storage: Storage, events: EventBus): Promise<void> {
  try {
    const saved = await storage.snapshots.load(snapshotName)
    if (saved !== undefined) parts.adaptive.restore(saved)
  } catch (thrown) {
    events.emit({ kind: 'fault', layer: 'adaptive', message: `starting without learned state: ${messageOf(thrown)}` })
  }
}

/** Saves learned state when it has changed; one save at a time. */
function createSaver(parts: Assembly, storage: Storage, emit: EventBus['emit']): () => Promise<void> {
  let savedSamples = -1
  let running: Promise<void> = Promise.resolve()
  const save = async (): Promise<void> => {
    const { samples } = parts.adaptive.progress()
    if (samples === savedSamples) return
    try {
      await storage.snapshots.save(snapshotName, parts.adaptive.save())
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
