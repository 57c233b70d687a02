import { BoundedMap } from '../../../core/bounded-map.ts'
import type { Clock } from '../../../core/clock.ts'
import type { StoreName } from '../program.ts'
import { maxValueLength } from './variable-map.ts'

/** Variables one store may hold. */
const maxVariables = 256
/** Keys longer than this are cut; they come from what a client sends. */
const maxKeyLength = 512

type Entry = { readonly name: string; value: string; expiresAtMs: number }

type Record = {
  readonly entries: Map<string, Entry>
  readonly createdAtMs: number
  updatedAtMs: number
  updates: number
}

/** A store that outlives the request, as one transaction sees it. */
export type BoundStore = {
  readonly key: string
  readonly get: (lower: string) => string | undefined
  readonly set: (name: string, value: string) => void
  readonly delete: (lower: string) => void
  /** Seconds from now after which a variable is gone. */
  readonly expire: (lower: string, seconds: number) => void
  readonly entries: () => readonly { readonly name: string; readonly value: string }[]
}

/** The collections of `initcol`, `setsid` and the like: in this process alone, bounded, with an end. */
export type PersistentStores = {
  readonly bind: (store: StoreName, key: string) => BoundStore
  readonly size: () => number
  readonly dropped: () => number
}

export type PersistentStoreOptions = {
  readonly clock: Clock
  /** Records of all stores together. */
  readonly maxRecords: number
  /** A record lives this long after its last change. */
  readonly timeoutSeconds: number
}

export function createPersistentStores({
  clock,
  maxRecords,
  timeoutSeconds,
}: PersistentStoreOptions): PersistentStores {
  const records = new BoundedMap<string, Record>(maxRecords)
  const recordOf = (name: string, nowMs: number): Record | undefined => {
    const record = records.get(name)
    if (record === undefined || nowMs - record.updatedAtMs <= timeoutSeconds * 1000) return record
    records.delete(name)
    return undefined
  }
  return {
    size: () => records.size,
    dropped: () => records.dropped,
    bind: (store, key) => {
      const kept = key.slice(0, maxKeyLength)
      const name = `${store} ${kept}`
      const nowMs = clock.now()
      const known = recordOf(name, nowMs)
      const record = known ?? { entries: new Map(), createdAtMs: nowMs, updatedAtMs: nowMs, updates: 0 }
      if (known === undefined) records.set(name, record)
      return bindRecord(record, { key: kept, isNew: known === undefined, clock, timeoutSeconds })
    },
  }
}

type Binding = {
  readonly key: string
  readonly isNew: boolean
  readonly clock: Clock
  readonly timeoutSeconds: number
}

function bindRecord(record: Record, binding: Binding): BoundStore {
  const { clock } = binding
  let isChanged = false
  /** A transaction counts as one update, however much it changes. */
  const touch = (): void => {
    record.updatedAtMs = clock.now()
    if (!isChanged) record.updates += 1
    isChanged = true
  }
  const live = (lower: string): Entry | undefined => {
    const entry = record.entries.get(lower)
    if (entry === undefined || entry.expiresAtMs > clock.now()) return entry
    record.entries.delete(lower)
    return undefined
  }
  return {
    key: binding.key,
    get: (lower) => live(lower)?.value ?? describeRecord(lower, record, binding),
    set: (name, value) => {
      const kept = value.length > maxValueLength ? value.slice(0, maxValueLength) : value
      const lower = name.toLowerCase()
      const known = live(lower)
      if (known !== undefined) known.value = kept
      else if (record.entries.size < maxVariables) {
        record.entries.set(lower, { name, value: kept, expiresAtMs: Number.POSITIVE_INFINITY })
      } else return
      touch()
    },
    delete: (lower) => {
      if (record.entries.delete(lower)) touch()
    },
    expire: (lower, seconds) => {
      const entry = live(lower)
      if (entry === undefined) return
      entry.expiresAtMs = clock.now() + seconds * 1000
      touch()
    },
    entries: () => [...record.entries.keys()].flatMap((lower) => live(lower) ?? []),
  }
}

/** What every store tells about itself, in the names of the reference manual. */
function describeRecord(
  lower: string,
  record: Record,
  { key, isNew, clock, timeoutSeconds }: Binding,
): string | undefined {
  switch (lower) {
    case 'create_time':
      return seconds(record.createdAtMs)
    case 'is_new':
      return isNew ? '1' : '0'
    case 'key':
      return key
    case 'last_update_time':
      return seconds(record.updatedAtMs)
    case 'timeout':
      return String(timeoutSeconds)
    case 'update_counter':
      return String(record.updates)
    case 'update_rate':
      // Updates per minute, 0 for a record younger than a second.
      return String(ratePerMinute(record.updates, clock.now() - record.createdAtMs))
    default:
      return undefined
  }
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000))

const ratePerMinute = (updates: number, ageMs: number): number =>
  ageMs < 1000 ? 0 : Math.floor((60_000 * updates) / ageMs)
