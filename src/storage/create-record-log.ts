import type { Clock } from '../core/clock.ts'
import { createHybridClock } from './hybrid-clock.ts'
import { createJournal } from './journal.ts'
import type { MergeOutcome } from './merged-state.ts'
import type { RecordDraft, StateRecord } from './record.ts'
import type { RecordLog } from './record-log.ts'
import { mayRevoke, type RecordCaps, slotKey } from './record-order.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import {
  checkRecord,
  copyBody,
  type ParsedRecord,
  parseRecord,
  type RecordRefusal,
  recordText,
  signRecord,
} from './record-text.ts'
import { createReplica } from './replica.ts'

/** What a record log counts, so that nothing is dropped silently. */
export type RecordLogStats = {
  readonly records: number
  /** Records that wait for the disk. */
  readonly waiting: number
  readonly evicted: number
  readonly refused: Readonly<Record<RecordRefusal, number>>
}

/** What became of a text from outside: how it merged, or why it was kept out. */
export type Receipt = MergeOutcome | RecordRefusal

/** The log with the side that stores and other nodes talk to. */
export type OpenRecordLog = RecordLog & {
  /** Merges a text that another node wrote. Never throws. */
  readonly receive: (text: string) => Receipt
  /** The records held, dead ones included, as they stand in a store. */
  readonly stored: () => StoredRecord[]
  /** The record that holds a slot, dead or alive. */
  readonly at: (key: string) => StateRecord | undefined
  readonly size: () => number
  readonly stats: () => RecordLogStats
}

export type RecordLogOptions = {
  readonly nodeId: string
  readonly clock: Clock
  /** Journal of this node; without one nothing outlives the process. */
  readonly store?: RecordStore
  /** What the store held at the start. Trusted as far as signatures go, since who writes there owns the node. */
  readonly initial?: readonly StoredRecord[]
  /** Signs and checks records of the fleet. */
  readonly secret?: string | null
  readonly caps?: Partial<RecordCaps>
  readonly onFault?: (message: string) => void
  /** Told what is on disk, own and received, so that it may be shared. */
  readonly onKept?: (records: readonly StoredRecord[], erased: readonly string[]) => void
}

export function createRecordLog(options: RecordLogOptions): OpenRecordLog {
  const { nodeId, clock, secret = null, store, onFault = () => undefined, onKept } = options
  const journal = store && createJournal({ store, onFault, ...(onKept && { onKept }) })
  const replica = createReplica({
    clock,
    caps: options.caps,
    onFault,
    keep: (key, text) => journal?.write({ key, text }),
    erase: (key) => journal?.erase(key),
  })
  const { state } = replica
  const writer = createWriter(nodeId, clock, secret)
  const reader = createReader(clock, secret)

  function append(draft: RecordDraft): StateRecord {
    const record = writer.write(draft)
    replica.take(record, 'here')
    replica.sweepWhenDue()
    return record
  }

  function receive(text: string, from: 'peer' | 'disk'): Receipt {
    const parsed = reader.read(text, from === 'disk')
    if (parsed.kind === 'refused') return parsed.why
    writer.observe(parsed.record)
    return replica.take(parsed.record, from)
  }

  for (const { text } of options.initial ?? []) receive(text, 'disk')

  return {
    nodeId,
    append,
    revoke: (recordId, rank) => {
      const target = state.byId(recordId)
      if (target === undefined || !mayRevoke(rank, target)) return false
      if (state.isRevoked(target)) return true
      append({ kind: 'revocation', subject: recordId, rank, expiresAtMs: target.expiresAtMs, body: {} })
      return true
    },
    get: (kind, subject) => state.get(kind, subject, clock.now()),
    list: (kind) => state.list(kind, clock.now()),
    subscribe: replica.subscribe,
    digest: () => {
      replica.sweep()
      return state.digest()
    },
    flush: async () => journal?.flush(),
    close: async () => {
      await journal?.close()
      await store?.close()
    },
    receive: (text) => receive(text, 'peer'),
    stored: () => state.records().map((record) => ({ key: slotKey(record), text: recordText(record) })),
    at: state.bySlot,
    size: state.size,
    stats: () => ({
      records: state.size(),
      waiting: journal?.waiting() ?? 0,
      evicted: replica.evicted(),
      refused: reader.refused(),
    }),
  }
}

/** Makes full records: id, origin, time, signature. */
function createWriter(nodeId: string, clock: Clock, secret: string | null) {
  const time = createHybridClock(clock)
  return {
    observe: (record: StateRecord): void => time.observe(record.clock),
    write: (draft: RecordDraft): StateRecord => {
      const { kind, subject, rank, expiresAtMs } = draft
      const at = time.next()
      const id = `${nodeId}.${at[0].toString(36)}.${at[1].toString(36)}`
      const whole = { id, kind, subject, rank, origin: nodeId, clock: at, expiresAtMs, schema: 1 as const }
      return signRecord(checkRecord({ ...whole, body: copyBody(draft.body), signature: null }), secret)
    },
  }
}

/** Reads texts and counts what it keeps out. */
function createReader(clock: Clock, secret: string | null) {
  const refused: Record<RecordRefusal, number> = { oversized: 0, malformed: 0, schema: 0, signature: 0, future: 0 }
  return {
    read: (text: string, isTrusted: boolean): ParsedRecord => {
      const parsed = parseRecord(text, { secret: isTrusted ? null : secret, nowMs: clock.now() })
      if (parsed.kind === 'refused') refused[parsed.why] += 1
      if (parsed.kind === 'refused' || !isTrusted) return parsed
      // The secret may have changed since it was written; peers want the present one.
      return { kind: 'record', record: signRecord(parsed.record, secret) }
    },
    refused: () => ({ ...refused }),
  }
}
