import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import type { EventListener } from '../core/events.ts'
import { createRecordLog } from './create-record-log.ts'
import { openDataFolder } from './data-folder.ts'
import { createFleet, type Fleet } from './fleet.ts'
import type { Storage } from './memory-storage.ts'
import { defaultCaps, type RecordCaps } from './record-order.ts'
import { openRedisLine } from './redis-line.ts'
import { shareSnapshots } from './shared-snapshots.ts'
import { openSqliteStore } from './sqlite-store.ts'

export type StorageOptions = {
  readonly config: Pick<Config, 'dataDir' | 'redis' | 'memory' | 'quarantine'>
  /** Name of this node in records; without one the data folder keeps a name. */
  readonly nodeId?: string
  readonly clock: Clock
  readonly emit: EventListener
}

/** Longest time that the start waits for the fleet's records. */
const startWaitMs = 1_000

/**
 * Opens the data folder and, where configured, the line to Redis. Throws THY_DATA_DIR or THY_STORE when the folder
 * cannot be used; a Redis that is away only emits an event, it is tried again for as long as the process lives.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { config, clock, emit } = options
  const folder = openDataFolder(config.dataDir, options.nodeId)
  const { nodeId } = folder
  try {
    const local = await openSqliteStore(join(folder.path, 'thymus.db'))
    const secret = config.redis.secret
    let fleet: Fleet | undefined
    const records = createRecordLog({
      nodeId,
      clock,
      secret,
      store: local,
      initial: await local.load(),
      caps: capsFor(config),
      onFault: (message) => emit({ kind: 'fault', layer: 'store', message }),
      onKept: (kept, erased) => fleet?.publish(kept, erased),
    })
    const { url, prefix } = config.redis
    const line = url === null ? undefined : openRedisLine({ url, prefix, nodeId })
    fleet = line && createFleet({ shared: line.store, log: records, emit })
    await fleet?.start(startWaitMs)
    return {
      records,
      nodeId,
      snapshots: line ? shareSnapshots({ local: local.snapshots, line, secret, emit }) : local.snapshots,
      close: async () => {
        await records.flush().catch(() => undefined)
        await fleet?.close()
        await records.close()
        folder.release()
      },
    }
  } catch (thrown) {
    folder.release()
    throw thrown
  }
}

/** The log must hold what the rooms may hold, with room for what has just ended. Equal settings give equal caps. */
function capsFor({ memory, quarantine }: StorageOptions['config']): Partial<RecordCaps> {
  return {
    cell: Math.max(defaultCaps.cell, memory.maxCells * 2),
    hold: Math.max(defaultCaps.hold, quarantine.maxHeld * 2),
  }
}
