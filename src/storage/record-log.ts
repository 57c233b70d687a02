// What outlives a request: the record log that all nodes agree on, and snapshots. SQLite and Redis live here.
// Must not decide anything about a request, and must never make one wait.
import type { RecordDraft, RecordKind, StateRecord } from './record.ts'

/** A change of the merged state, local or from a peer. */
export type RecordChange =
  | { readonly kind: 'applied'; readonly record: StateRecord; readonly isLocal: boolean }
  | { readonly kind: 'withdrawn'; readonly record: StateRecord; readonly isLocal: boolean }

/**
 * The merged state of the fleet, held in this process: reads and writes never wait for disk or network. What is written
 * is journalled and shared behind the caller's back.
 */
export type RecordLog = {
  readonly nodeId: string
  /** Applies at once and returns the full record; journalled within milliseconds. */
  readonly append: (draft: RecordDraft) => StateRecord
  /** Withdraws a record for good, on every node: it never comes back. Returns false when it is unknown. */
  readonly revoke: (recordId: string, rank: StateRecord['rank']) => boolean
  /** The record in force for a subject, expired and revoked ones excluded. */
  readonly get: (kind: RecordKind, subject: string) => StateRecord | undefined
  readonly list: (kind: RecordKind) => readonly StateRecord[]
  /** Called for every change after the subscription; returns the function that ends it. */
  readonly subscribe: (listener: (change: RecordChange) => void) => () => void
  /** A figure that is equal on two nodes exactly when their states are. */
  readonly digest: () => string
  /** Resolves when everything appended so far is on disk (or handed to the only store there is). */
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Versioned state of one room: self profiles, models. Written whole, read at the start. */
export type SnapshotStore = {
  /** `undefined` when there is none of this name. */
  readonly load: (name: string) => Promise<Uint8Array | undefined>
  readonly save: (name: string, content: Uint8Array) => Promise<void>
}
