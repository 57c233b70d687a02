// The words that all rooms share: findings, verdicts, errors, events, time, chance, bounded maps.
// It must not import another room, touch the platform, or know what any of them does.

/** The layers that look at a request. Each one is an independent kind of evidence. */
export type Layer = 'innate' | 'memory' | 'adaptive' | 'behaviour'

export const layers: readonly Layer[] = ['innate', 'memory', 'adaptive', 'behaviour']

/** Where in a request a value was found. */
export const fieldLocations = [
  'method',
  'path',
  'query',
  'header',
  'cookie',
  'form',
  'multipart',
  'json',
  'xml',
  'body',
] as const
export type FieldLocation = (typeof fieldLocations)[number]

/** Names one field of one API: what a self profile, a tolerance or an exception is about. */
export type FieldId = {
  readonly service: string
  readonly method: string
  /** Route template such as `/orders/{int}`, never a raw path. */
  readonly route: string
  readonly location: FieldLocation
  /** Parameter or header name, or the JSON pointer with array indexes as `[]`. */
  readonly name: string
}

/** What a layer saw, never an action. */
export type Finding = {
  readonly layer: Layer
  /** Rule id, cell id, detector id or signal name. */
  readonly source: string
  /** `null` when the finding is about the request or the client as a whole. */
  readonly field: FieldId | null
  /** 0..1, higher is more suspicious. */
  readonly score: number
  /** One sentence an operator understands, redacted. */
  readonly reason: string
  /** Tags of the rule that saw it, such as `sql`. */
  readonly tags?: readonly string[]
  /** Seen in the answer, and no word against the client. */
  readonly isAboutAnswer?: true
  /** The state of what produced it: a `shadow` finding is reported but never acted upon. */
  readonly shadow?: boolean
}

/** Text form of a field, as logs and tolerances write it: `api GET /orders/{int} query:page`. */
export function formatFieldId(field: FieldId): string {
  return `${field.service} ${field.method} ${field.route} ${field.location}:${field.name}`
}
