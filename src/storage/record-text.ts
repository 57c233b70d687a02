import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { messageOf, ThymusError } from '../core/errors.ts'
import { recordSchema, type StateRecord } from './record.ts'

/** A record as text, on its way in from disk or network; and what was wrong with it. */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: StateRecord }
  | { readonly kind: 'refused'; readonly why: RecordRefusal }

/** `schema` is of a later version and `future` ahead of this node's clock: both may be good for others. */
export type RecordRefusal = 'oversized' | 'malformed' | 'schema' | 'signature' | 'future'

export const maxBodyBytes = 4_096
const maxTextBytes = 8_192
const maxBodyDepth = 8
/**
 * How far ahead of this node a record may be dated. A bad clock cannot win every merge for longer than this, and nodes
 * with ordinary clocks never reach it. Refused, not clamped: clamping would give nodes different records of one id.
 */
export const maxAheadMs = 600_000

/** The text kept on disk and sent to others. */
export function recordText(record: StateRecord): string {
  return JSON.stringify(record)
}

/** One text for one content, whatever the order of keys: what is signed and what digests are made of. */
function contentText(record: StateRecord): string {
  const { id, kind, subject, rank, origin, clock, expiresAtMs, schema, body } = record
  return JSON.stringify([id, kind, subject, rank, origin, clock, expiresAtMs, schema, withSortedKeys(body)])
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const pairs = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return pairs.map(([key, member]) => [key, withSortedKeys(member)])
}

/** 128 bits of SHA-256 over the content, the signature left out. */
export function contentWeight(record: StateRecord): bigint {
  return BigInt(`0x${hash('sha256', contentText(record)).slice(0, 32)}`)
}

export function signRecord(record: StateRecord, secret: string | null): StateRecord {
  return { ...record, signature: secret === null ? null : signatureOf(record, secret) }
}

function signatureOf(record: StateRecord, secret: string): string {
  return createHmac('sha256', secret).update(contentText(record)).digest('hex')
}

export function isSigned(record: StateRecord, secret: string): boolean {
  const given = Buffer.from(record.signature ?? '')
  const expected = Buffer.from(signatureOf(record, secret))
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The record itself when it has the form that peers accept; throws THY_RECORD otherwise. */
export function checkRecord(record: StateRecord): StateRecord {
  const parsed = recordSchema.safeParse(record)
  if (parsed.success) return record
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') ?? 'record'
  throw new ThymusError('THY_RECORD', `A record to be written is not valid: ${where}: ${issue?.message ?? 'unknown'}`)
}

/** Takes a body apart from its maker. Throws THY_RECORD when it is no JSON, too large or too deep. */
export function copyBody(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let text: string
  try {
    text = JSON.stringify(body)
  } catch (thrown) {
    throw new ThymusError('THY_RECORD', `A record body cannot be written as JSON: ${messageOf(thrown)}`)
  }
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBodyBytes) {
    throw new ThymusError('THY_RECORD', `A record body has ${bytes} bytes, at most ${maxBodyBytes} are allowed.`)
  }
  const copy: unknown = JSON.parse(text)
  if (!isPlainTree(copy, maxBodyDepth)) {
    throw new ThymusError('THY_RECORD', `A record body is deeper than ${maxBodyDepth} levels or has a key __proto__.`)
  }
  return copy as Record<string, unknown>
}

function isPlainTree(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depthLeft === 0 || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((member) => isPlainTree(member, depthLeft - 1))
}

/** Reads a text that anybody may have written. Never throws. The signature counts only where a secret is given. */
export function parseRecord(text: string, options: { secret: string | null; nowMs: number }): ParsedRecord {
  if (text.length > maxTextBytes) return refused('oversized')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused('malformed')
  }
  if (typeof value !== 'object' || value === null || !isPlainTree(value, maxBodyDepth + 1)) return refused('malformed')
  if ('schema' in value && typeof value.schema === 'number' && value.schema !== 1) return refused('schema')
  const parsed = recordSchema.safeParse(value)
  if (!parsed.success) return refused('malformed')
  const record = parsed.data
  if (Buffer.byteLength(JSON.stringify(record.body)) > maxBodyBytes) return refused('oversized')
  if (options.secret !== null && !isSigned(record, options.secret)) return refused('signature')
  if (record.clock[0] > options.nowMs + maxAheadMs) return refused('future')
  return { kind: 'record', record }
}

function refused(why: RecordRefusal): ParsedRecord {
  return { kind: 'refused', why }
}
