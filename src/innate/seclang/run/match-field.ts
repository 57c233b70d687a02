import type { FieldLocation } from '../../../core/finding.ts'
import type { CanonicalRequest } from '../../../request/canonical-request.ts'
import type { Field } from '../../../request/field.ts'
import { templateName } from '../../../request/field-name.ts'

/** Where the members of a variable stand in a request; `null` for what is no field. */
const locations: ReadonlyMap<string, readonly FieldLocation[]> = new Map<string, readonly FieldLocation[]>([
  ['ARGS', ['query', 'form', 'multipart', 'json']],
  ['ARGS_GET', ['query']],
  ['ARGS_POST', ['form', 'multipart', 'json']],
  ['REQUEST_HEADERS', ['header']],
  ['REQUEST_COOKIES', ['cookie']],
  ['FILES', ['multipart']],
  ['MULTIPART_PART_HEADERS', ['multipart']],
  ['MULTIPART_FILENAME', ['multipart']],
  ['XML', ['xml']],
  ['REQUEST_BODY', ['body']],
])

const pathVariables = new Set(['REQUEST_URI', 'REQUEST_URI_RAW', 'REQUEST_FILENAME', 'REQUEST_BASENAME', 'PATH_INFO'])

/** What of a request a variable with its key (`ARGS:q`) speaks of. */
export type Spot = { readonly location: FieldLocation; readonly name: string }

/** Finds the field that a variable stands for; `null` when it is none, or cannot be told. */
export function spotOf(variable: string, request: CanonicalRequest): Spot | null {
  const colon = variable.indexOf(':')
  const whole = colon === -1 ? variable : variable.slice(0, colon)
  if (whole === 'MATCHED_VARS' || whole === 'MATCHED_VARS_NAMES') return spotOf(variable.slice(colon + 1), request)
  if (pathVariables.has(whole)) return { location: 'path', name: '' }
  if (whole === 'REQUEST_METHOD') return { location: 'method', name: '' }
  const places = locations.get(whole.endsWith('_NAMES') ? whole.slice(0, -'_NAMES'.length) : whole)
  if (places === undefined) return null
  const key = colon === -1 ? '' : variable.slice(colon + 1)
  const found = request.fields.find((field) => places.includes(field.location) && isNamed(field, key))
  return found === undefined ? null : { location: found.location, name: found.name }
}

function isNamed({ location, name }: Field, key: string): boolean {
  if (location === 'body' || location === 'xml') return true
  const written = location === 'json' ? pointerOf(key) : key
  return name === written || name.toLowerCase() === written.toLowerCase() || name === templateName(written, name.length)
}

/** `json.items.array_0.sku` as the pointer that canonical fields are named by: `/items/[]/sku`. */
const pointerOf = (key: string): string =>
  key
    .split('.')
    .slice(1)
    .map((segment) => (/^(?:array_)?\d+$/.test(segment) ? '/[]' : `/${segment}`))
    .join('')
