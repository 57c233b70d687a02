import { isToken } from './raw-request.ts'
import { shown, trafficError } from './traffic-error.ts'
import {
  type RecordedRequest,
  type TrafficLabel,
  type TrafficPlace,
  type TrafficRecord,
  wireText,
} from './traffic-record.ts'

type Members = Readonly<Record<string, unknown>>

/** Whether a parsed first line is a record of our own format and not a line of an access log. */
export function looksLikeRecord(members: Members): boolean {
  if (typeof members['raw_b64'] === 'string' || Array.isArray(members['headers'])) return true
  return typeof members['method'] === 'string' && typeof members['url'] === 'string' && !('status' in members)
}

/** One line of our own JSON Lines format. Members that it does not know are left alone. */
export function parseJsonRecord(text: string, place: TrafficPlace): TrafficRecord {
  const members = parseObject(text, place)
  const { payload } = members
  return {
    id: optionalText(members, 'id', place) ?? `line-${place.line}`,
    line: place.line,
    label: labelOf(members, place),
    category: optionalText(members, 'category', place),
    split: optionalText(members, 'split', place),
    source: optionalText(members, 'source', place),
    client: optionalText(members, 'client', place),
    tsMs: secondsOf(members, place),
    status: optionalNumber(members, 'status', place),
    ...(typeof payload === 'string' && payload !== '' ? { payload } : {}),
    request: requestOf(members, place),
  }
}

export function parseObject(text: string, place: TrafficPlace): Members {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw trafficError(place, 'it is not JSON, expected one JSON object a line', error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw trafficError(place, `it is ${shown(value)}, expected one JSON object a line`)
  }
  return value as Members
}

function labelOf(members: Members, place: TrafficPlace): TrafficLabel {
  const label = members['label'] ?? 'unknown'
  if (label === 'benign' || label === 'attack' || label === 'unknown') return label
  throw trafficError(place, `"label" is ${shown(label)}, expected "benign", "attack" or "unknown"`)
}

function requestOf(members: Members, place: TrafficPlace): RecordedRequest {
  const raw = optionalText(members, 'raw_b64', place)
  if (raw !== null) return { kind: 'raw', bytes: bytesOf(raw, 'raw_b64', place) }
  const method = requiredText(members, 'method', place)
  if (!isToken(method)) throw trafficError(place, `"method" is ${shown(method)}, expected an HTTP method`)
  const target = wireText(requiredText(members, 'url', place))
  return { kind: 'parts', method, target, rawHeaders: headersOf(members, place), body: bodyOf(members, place) }
}

function bodyOf(members: Members, place: TrafficPlace): Uint8Array | null {
  const text = optionalText(members, 'body', place)
  if (text !== null) return Buffer.from(text, 'utf8')
  const encoded = optionalText(members, 'body_b64', place)
  return encoded === null ? null : bytesOf(encoded, 'body_b64', place)
}

function headersOf(members: Members, place: TrafficPlace): readonly string[] {
  const headers = members['headers'] ?? []
  if (!Array.isArray(headers))
    throw trafficError(place, `"headers" is ${shown(headers)}, expected [[name, value], ...]`)
  const rawHeaders: string[] = []
  for (const pair of headers as readonly unknown[]) {
    const [name, value] = Array.isArray(pair) ? (pair as readonly unknown[]) : []
    if (typeof name !== 'string' || typeof value !== 'string') {
      throw trafficError(place, `"headers" holds ${shown(pair)}, expected [name, value]`)
    }
    rawHeaders.push(wireText(name), wireText(value))
  }
  return rawHeaders
}

/** Base64 in either alphabet. Node skips what does not belong; a record that needs that is damaged. */
function bytesOf(encoded: string, key: string, place: TrafficPlace): Uint8Array {
  if (/[^\w+/\-=\s]/.test(encoded)) throw trafficError(place, `"${key}" is not base64`)
  return Buffer.from(encoded, 'base64')
}

function secondsOf(members: Members, place: TrafficPlace): number | null {
  const seconds = optionalNumber(members, 'ts', place)
  return seconds === null ? null : Math.round(seconds * 1_000)
}

function requiredText(members: Members, key: string, place: TrafficPlace): string {
  const text = optionalText(members, key, place)
  if (text === null || text === '') throw trafficError(place, `"${key}" is missing, expected a string`)
  return text
}

function optionalText(members: Members, key: string, place: TrafficPlace): string | null {
  const value = members[key] ?? null
  if (value === null || typeof value === 'string') return value
  throw trafficError(place, `"${key}" is ${shown(value)}, expected a string`)
}

function optionalNumber(members: Members, key: string, place: TrafficPlace): number | null {
  const value = members[key] ?? null
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value
  throw trafficError(place, `"${key}" is ${shown(value)}, expected a number`)
}
