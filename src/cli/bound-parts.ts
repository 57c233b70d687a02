import { createThymus, selfSnapshotName } from '../app.ts'
import type { Config } from '../config/schema.ts'
import { systemClock } from '../core/clock.ts'
import { ThymusError } from '../core/errors.ts'
import { layers } from '../core/finding.ts'
import { createReplayEngine, offlineEngine } from '../offline.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Learner, Parts, StoredState } from './parts.ts'
import { openRuleBook } from './rule-book.ts'

/** The parts that open no listener, bound to the composition root. */
export const offlineParts: Pick<Parts, 'createReplayEngine' | 'openLearner' | 'rules' | 'openState'> = {
  createReplayEngine,
  openLearner,
  rules: openRuleBook,
  openState,
}

/** Goes on from what the data folder knows, and writes back what was added. */
async function openLearner(config: Config): Promise<Learner> {
  // Faults of the disk reject `save`; a Redis that is away is made up for by the next gateway that starts.
  const storage = await openStorage({ config, clock: systemClock, emit: () => undefined })
  const { engine, parts } = offlineEngine({ config, layers, without: [], seed: config.adaptive.seed })
  const notes: string[] = []
  try {
    const known = await storage.snapshots.load(selfSnapshotName)
    if (known !== undefined) parts.adaptive.restore(known)
  } catch (error) {
    if (!(error instanceof ThymusError) || error.code !== 'THY_SNAPSHOT') {
      await storage.close()
      throw error
    }
    notes.push(`learning starts anew: ${error.message}`)
  }
  return {
    engine: {
      ...engine,
      close: async () => {
        await engine.close()
        await storage.close()
      },
    },
    notes,
    save: () => storage.snapshots.save(selfSnapshotName, parts.adaptive.save()),
  }
}

/** Memory and quarantine over the data folder; the folder refuses when a gateway runs on it. */
async function openState(config: Config): Promise<StoredState> {
  const quiet: Config = { ...config, telemetry: { ...config.telemetry, level: 'silent', auditFile: false } }
  const thymus = await createThymus(quiet, { output: { write: () => undefined } })
  const { memory, quarantine } = thymus.parts()
  return {
    cells: memory.cells,
    forget: memory.forget,
    holds: quarantine.holds,
    exemptions: quarantine.exemptions,
    release: quarantine.release,
    exempt: quarantine.exempt,
    close: thymus.close,
  }
}
