import { z } from 'zod'

/** What a record is about. A revocation withdraws the record whose id it names as its subject. */
export const recordKinds = ['cell', 'hold', 'tolerance', 'judgement', 'exemption', 'deploy', 'revocation'] as const
export type RecordKind = (typeof recordKinds)[number]

/** A person's word outranks a machine's. */
export type Rank = 'machine' | 'person'

/**
 * One fact all nodes agree on. Merging is last-writer-wins per (kind, subject) by (rank, clock, node), so any order and
 * any number of deliveries give the same state.
 */
export const recordSchema = z.strictObject({
  id: z.string().min(1).max(128),
  kind: z.enum(recordKinds),
  subject: z.string().min(1).max(512),
  rank: z.enum(['machine', 'person']),
  /** Node that wrote it. */
  origin: z.string().min(1).max(64),
  /** Hybrid logical clock: milliseconds, then a counter within them. */
  clock: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  /** When it stops counting, epoch milliseconds; null for never. */
  expiresAtMs: z.int().nullable(),
  schema: z.literal(1),
  /** JSON content; its form belongs to the kind. */
  body: z.record(z.string(), z.unknown()),
  /** HMAC-SHA-256 in hex over the other members, or null when the fleet has no secret. */
  signature: z.string().nullable(),
})
export type StateRecord = z.output<typeof recordSchema>

/** What a room says to have a record written; the log adds id, origin, clock and signature. */
export type RecordDraft = {
  readonly kind: RecordKind
  readonly subject: string
  readonly rank: Rank
  readonly expiresAtMs: number | null
  readonly body: Readonly<Record<string, unknown>>
}
