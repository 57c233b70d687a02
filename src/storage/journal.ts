import { messageOf, ThymusError } from '../core/errors.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'

/** Writes behind the caller's back, in batches. What could not be written stays in line and is tried again. */
export type Journal = {
  readonly write: (record: StoredRecord) => void
  readonly erase: (key: string) => void
  /** Resolves when all that was handed over is kept; rejects with THY_STORE when the store refuses it. */
  readonly flush: () => Promise<void>
  /** Records in line. Bounded by the caps of the merged state, since a slot waits once. */
  readonly waiting: () => number
  readonly close: () => Promise<void>
}

export type JournalOptions = {
  readonly store: RecordStore
  readonly onFault: (message: string) => void
  /** Told what is kept: only then may others hear of it. */
  readonly onKept?: (records: readonly StoredRecord[], erased: readonly string[]) => void
}

const batchMs = 10
const retryMs = 1_000
const maxBatch = 1_000

export function createJournal({ store, onFault, onKept }: JournalOptions): Journal {
  const texts = new Map<string, string>()
  const erasures = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false

  function schedule(delayMs: number): void {
    if (isClosed || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush().catch(() => schedule(retryMs))
    }, delayMs)
    if (delayMs >= retryMs) timer.unref()
  }

  async function writeBatch(): Promise<void> {
    const records: StoredRecord[] = []
    for (const [key, text] of texts) {
      if (records.push({ key, text }) >= maxBatch) break
    }
    const erased = [...erasures]
    try {
      if (records.length > 0) await store.write(records)
      if (erased.length > 0) await store.erase(erased)
    } catch (thrown) {
      const message = `${records.length} records could not be kept: ${messageOf(thrown)}`
      onFault(message)
      throw new ThymusError('THY_STORE', message, { cause: thrown, exitCode: 1 })
    }
    for (const { key, text } of records) if (texts.get(key) === text) texts.delete(key)
    for (const key of erased) erasures.delete(key)
    onKept?.(records, erased)
  }

  async function drain(): Promise<void> {
    while (texts.size > 0 || erasures.size > 0) await writeBatch()
  }

  async function flush(): Promise<void> {
    while (running !== undefined) await running.catch(() => undefined)
    running = drain().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    write: (record) => {
      erasures.delete(record.key)
      texts.set(record.key, record.text)
      schedule(batchMs)
    },
    erase: (key) => {
      texts.delete(key)
      erasures.add(key)
      schedule(batchMs)
    },
    flush,
    waiting: () => texts.size + erasures.size,
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await flush().catch(() => undefined)
    },
  }
}
