import { percentEncoded } from './decoded-place.ts'
import { bodyText, joinTarget, mediaTypeOf, partsOf, type RequestParts, splitTarget } from './request-parts.ts'
import { type TrafficRecord, wireText } from './traffic-record.ts'

/** A parameter by the name that stands on the wire, or a scalar member of a JSON document. */
export type RareField = {
  readonly location: 'query' | 'form' | 'json'
  readonly name: string
  /** Of the requests that were asked, how many have it. */
  readonly requests: number
  /** One of them: what is aimed at the field looks like it in all else. */
  readonly base: TrafficRecord
}

const minRequests = 3

/** The field that fewest requests have, three at least; of several the first by name. `undefined` when there is none. */
export function rareFieldOf(records: readonly TrafficRecord[]): RareField | undefined {
  const fields = new Map<string, { field: Omit<RareField, 'requests'>; requests: number }>()
  for (const record of records) {
    for (const [key, place] of placesOf(record)) {
      const known = fields.get(key) ?? { field: { ...place, base: record }, requests: 0 }
      known.requests += 1
      fields.set(key, known)
    }
  }
  const rarest = [...fields]
    .filter(([, { requests }]) => requests >= minRequests)
    .toSorted(([keyA, a], [keyB, b]) => a.requests - b.requests || (keyA < keyB ? -1 : 1))[0]?.[1]
  return rarest === undefined ? undefined : { ...rarest.field, requests: rarest.requests }
}

/** The payload of an attack in that field of the field's own base request; `undefined` when the payload is not known. */
export function aimedAt(attack: TrafficRecord, field: RareField): TrafficRecord | undefined {
  const parts = partsOf(field.base.request)
  if (attack.payload === undefined || parts === undefined) return undefined
  return { ...attack, client: field.base.client, request: withValue(parts, field, attack.payload) }
}

function withValue(parts: RequestParts, field: RareField, payload: string): RequestParts {
  if (field.location === 'json') {
    const document = { ...documentOf(parts), [field.name]: payload }
    return { ...parts, body: Buffer.from(JSON.stringify(document), 'utf8') }
  }
  const value = percentEncoded(wireText(payload))
  if (field.location === 'form') {
    return { ...parts, body: Buffer.from(withPair(bodyText(parts), field.name, value), 'latin1') }
  }
  const { path, query } = splitTarget(parts.target)
  return { ...parts, target: joinTarget(path, withPair(query ?? '', field.name, value)) }
}

function withPair(form: string, name: string, value: string): string {
  let isPlaced = false
  const pairs = form.split('&').map((pair) => {
    if (isPlaced || nameOf(pair) !== name) return pair
    isPlaced = true
    return `${name}=${value}`
  })
  return pairs.join('&')
}

type Place = Pick<RareField, 'location' | 'name'>

function placesOf(record: TrafficRecord): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const parts = partsOf(record.request)
  if (parts === undefined) return places
  const add = (location: Place['location'], name: string): void => {
    if (name !== '')
      places.set(JSON.stringify([parts.method, splitTarget(parts.target).path, location, name]), { location, name })
  }
  for (const pair of splitTarget(parts.target).query?.split('&') ?? []) add('query', nameOf(pair))
  if (mediaTypeOf(parts).includes('urlencoded')) {
    for (const pair of bodyText(parts).split('&')) add('form', nameOf(pair))
    return places
  }
  for (const [name, value] of Object.entries(documentOf(parts) ?? {})) if (typeof value !== 'object') add('json', name)
  return places
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals === -1 ? '' : pair.slice(0, equals)
}

function documentOf(parts: RequestParts): Readonly<Record<string, unknown>> | undefined {
  if (parts.body === null) return undefined
  try {
    const document: unknown = JSON.parse(Buffer.from(parts.body).toString('utf8'))
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document)
    return isObject ? (document as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
