import { compareTimes } from './hybrid-clock.ts'
import type { Rank, RecordKind, StateRecord } from './record.ts'
import { contentWeight } from './record-text.ts'

/** A record with its place in the merged state. */
export type Entry = { readonly key: string; readonly record: StateRecord; readonly weight: bigint }

/** How many records of each kind are held. */
export type RecordCaps = Readonly<Record<RecordKind, number>>

/**
 * Of a full kind the lowest rank leaves first and of it the oldest, which is the same on every node provided that all
 * have the same caps. A revocation that leaves could let a record back in, so their cap is wide.
 */
export const defaultCaps: RecordCaps = {
  cell: 10_000,
  hold: 50_000,
  tolerance: 10_000,
  judgement: 20_000,
  exemption: 10_000,
  deploy: 1_000,
  revocation: 200_000,
}

/** How long an ended record keeps its slot: longer than any partition that should heal without surprises. */
export const tombstoneMs = 86_400_000

export function slotKey(record: Pick<StateRecord, 'kind' | 'subject' | 'rank'>): string {
  return `${record.kind}:${record.rank}:${record.subject}`
}

export function entryOf(record: StateRecord): Entry {
  return { key: slotKey(record), record, weight: contentWeight(record) }
}

/** Total order: rank, hybrid time, node, id, and last the content, so that even forged twins have one winner. */
export function compareEntries(left: Entry, right: Entry): number {
  const a = left.record
  const b = right.record
  if (a.rank !== b.rank) return a.rank === 'person' ? 1 : -1
  return (
    compareTimes(a.clock, b.clock) ||
    byValue(a.origin, b.origin) ||
    byValue(a.id, b.id) ||
    byValue(left.weight, right.weight)
  )
}

function byValue(left: string | bigint, right: string | bigint): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

export function hasEnded(record: StateRecord, nowMs: number): boolean {
  return record.expiresAtMs !== null && record.expiresAtMs <= nowMs
}

/** Ended so long ago that it need not even hide others. A revocation ends with what it withdraws, so both go together. */
export function isOutdated(record: StateRecord, nowMs: number): boolean {
  return record.expiresAtMs !== null && record.expiresAtMs + tombstoneMs <= nowMs
}

/** Whether a record of one rank may withdraw a record of another: a machine cannot take back a person's word. */
export function mayRevoke(rank: Rank, target: StateRecord): boolean {
  return target.kind !== 'revocation' && (rank === 'person' || target.rank === 'machine')
}
