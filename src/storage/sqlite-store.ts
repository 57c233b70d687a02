import { ThymusError } from '../core/errors.ts'
import type { SnapshotStore } from './record-log.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import type { DatabaseAnswer, DatabaseOptions, DatabaseRequest } from './sqlite-database.ts'
import { startWorker } from './worker-calls.ts'

export type SqliteStore = RecordStore & { readonly snapshots: SnapshotStore }

/** Far above what the caps of the record log and a few snapshots need. */
export const defaultMaxBytes = 4 * 1_024 ** 3

/** Opens the file in a worker thread; rejects with THY_STORE when that fails. */
export async function openSqliteStore(path: string, maxBytes = defaultMaxBytes): Promise<SqliteStore> {
  const calls = startWorker('sqlite.worker', { path, maxBytes } satisfies DatabaseOptions)
  const ask = async (request: DatabaseRequest) => (await calls.ask(request)) as DatabaseAnswer
  const load = async (): Promise<StoredRecord[]> => ((await ask({ kind: 'load' })) ?? []) as StoredRecord[]
  try {
    await load()
  } catch (thrown) {
    await ask({ kind: 'close' }).catch(() => undefined)
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new ThymusError('THY_STORE', `The record store ${path} cannot be opened: ${why}.`, { cause: thrown })
  }
  return {
    load,
    write: async (records) => {
      await ask({ kind: 'write', records })
    },
    erase: async (keys) => {
      await ask({ kind: 'erase', keys })
    },
    close: async () => {
      await ask({ kind: 'close' }).catch(() => undefined)
    },
    snapshots: {
      load: async (name) => (await ask({ kind: 'load-snapshot', name })) as Uint8Array | undefined,
      save: async (name, content) => {
        await ask({ kind: 'save-snapshot', name, content })
      },
    },
  }
}
