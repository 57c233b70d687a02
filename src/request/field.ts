import type { FieldId, FieldLocation } from '../core/finding.ts'
import type { Route } from './route.ts'

/** What canonicalisation noticed about a value, as bits. */
export const fieldFlags = {
  invalidUtf8: 1,
  overlongUtf8: 2,
  nul: 4,
  control: 8,
  /** Still encoded when the decoding cap was reached. */
  tooDeep: 16,
  percentU: 32,
  badEscape: 64,
  /** The value came out of base64 or out of JSON inside a string. */
  derived: 128,
  /** The *name* is the value: a parameter name with characters that names do not have. */
  fromName: 256,
  /** A path segment that belongs to the name of a known route: self by definition, and no value. */
  literal: 512,
} as const

/** One value of a request with its place. */
export type Field = {
  /** Number of the field in the catalogue; -1 while self has not shown it on this route. */
  readonly slot: number
  /** Number of the same name at the same location on any route of the service; -1 while self has not shown it. */
  readonly sharedSlot: number
  readonly location: FieldLocation
  readonly name: string
  /** As it stood in its container (percent and form encoding of the container still on). */
  readonly raw: string
  /** Canonical text: decoded to the fixpoint or the cap. */
  readonly value: string
  /** How many rounds of decoding changed something. */
  readonly decodeDepth: number
  readonly flags: number
  /**
   * Above 0 for a field that is kept and will come again as this same object: a number of its own, under which a layer
   * may note what it found, since that depends on nothing else.
   */
  readonly memo: number
}

/** Full identity of a field, made only when somebody reports it. */
export function fieldIdOf(field: Pick<Field, 'location' | 'name'>, route: Route): FieldId {
  return {
    service: route.service,
    method: route.method,
    route: route.template,
    location: field.location,
    name: field.name,
  }
}
