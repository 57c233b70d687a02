import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ThymusError } from '../core/errors.ts'
import type { SnapshotStore } from './record-log.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import type { DatabaseAnswer, DatabaseOptions, DatabaseRequest } from './sqlite-database.ts'

export type SqliteStore = RecordStore & { readonly snapshots: SnapshotStore }

/** Far above what the caps of the record log and a few snapshots need. */
export const defaultMaxBytes = 4 * 1_024 ** 3

/** Opens the file in a worker thread; rejects with THY_STORE when that fails. */
export async function openSqliteStore(path: string, maxBytes = defaultMaxBytes): Promise<SqliteStore> {
  const ask = startWorker({ path, maxBytes })
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

type Waiting = { readonly resolve: (answer: DatabaseAnswer) => void; readonly reject: (fault: Error) => void }
type Reply = { readonly id: number; readonly answer?: DatabaseAnswer; readonly fault?: string }

/** The worker keeps the process alive only while it owes an answer. */
function startWorker(options: DatabaseOptions): (request: DatabaseRequest) => Promise<DatabaseAnswer> {
  // The file is .ts in the sources and .js once built.
  const file = new URL(`./sqlite.worker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { workerData: options, execArgv: ['--disable-warning=ExperimentalWarning'] })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: string | undefined

  function end(why: string): void {
    ended ??= why
    for (const { reject } of waiting.values()) reject(new Error(ended))
    waiting.clear()
  }

  worker.unref()
  worker.on('error', (fault) => end(fault instanceof Error ? fault.message : String(fault)))
  worker.on('exit', () => end('the store is closed'))
  worker.on('message', (reply: Reply) => {
    const entry = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (waiting.size === 0) worker.unref()
    if (reply.fault === undefined) entry?.resolve(reply.answer)
    else entry?.reject(new Error(reply.fault))
  })

  return (request) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(new Error(ended))
        return
      }
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.ref()
      worker.postMessage({ id: lastId, request })
    })
}
