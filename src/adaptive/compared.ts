import { wholePathName } from '../request/canonicalize.ts'
import { type Field, fieldFlags } from '../request/field.ts'

/** Headers that say where a request went through or how long it is, and nothing that its sender chose as a value. */
const transportHeaders: ReadonlySet<string> = new Set([
  'host',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
  'traceparent',
])

/** Whether a field is learned and compared with self. */
export function isCompared(field: Field): boolean {
  if (field.name === wholePathName || (field.flags & fieldFlags.fromName) !== 0) return false
  return field.location !== 'header' || !transportHeaders.has(field.name)
}
