import { isMembers } from './json-log-line.ts'
import { isToken } from './raw-request.ts'
import { shown, trafficError } from './traffic-error.ts'
import {
  type RecordedRequest,
  type SkipListener,
  type TrafficPlace,
  type TrafficRecord,
  wireText,
} from './traffic-record.ts'

type Members = Readonly<Record<string, unknown>>

/** Records of a HAR 1.2 document (http://www.softwareishard.com/blog/har-12-spec/). `line` counts entries. */
export function* parseHar(text: string, file: string, onSkip: SkipListener): Generator<TrafficRecord> {
  const entries = entriesOf(text, file)
  let line = 0
  for (const entry of entries) {
    line += 1
    const place = { file, line }
    const request = isMembers(entry) ? entry['request'] : undefined
    if (!isMembers(entry) || !isMembers(request)) throw trafficError(place, 'the entry has no "request" object')
    const recorded = requestOf(request, place)
    if (recorded === undefined) onSkip(place, 'the entry is no HTTP request')
    else yield recordOf(entry, recorded, place)
  }
}

function entriesOf(text: string, file: string): readonly unknown[] {
  const place = { file, line: 1 }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw trafficError(place, 'it is not JSON, expected a HAR document', error)
  }
  const log = isMembers(document) ? document['log'] : undefined
  const entries = isMembers(log) ? log['entries'] : undefined
  if (!Array.isArray(entries)) throw trafficError(place, 'it has no "log.entries" list, expected a HAR document')
  return entries as readonly unknown[]
}

function recordOf(entry: Members, request: RecordedRequest, place: TrafficPlace): TrafficRecord {
  const at = typeof entry['startedDateTime'] === 'string' ? Date.parse(entry['startedDateTime']) : Number.NaN
  const response = isMembers(entry['response']) ? entry['response']['status'] : undefined
  return {
    id: `entry-${place.line}`,
    line: place.line,
    label: 'unknown',
    category: null,
    split: null,
    source: 'har',
    client: null,
    tsMs: Number.isNaN(at) ? null : at,
    status: typeof response === 'number' && response >= 100 ? response : null,
    request,
  }
}

function requestOf(request: Members, place: TrafficPlace): RecordedRequest | undefined {
  const { method, url } = request
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw trafficError(place, `"request.method" is ${shown(method)} and "request.url" ${shown(url)}, expected strings`)
  }
  const parts = splitUrl(url)
  if (parts === undefined || !isToken(method)) return undefined // data:, blob:, chrome-extension: and the like
  return {
    kind: 'parts',
    method,
    target: wireText(parts.target),
    rawHeaders: headersOf(request, parts.authority),
    body: bodyOf(request),
  }
}

/** Split as text: parsing the URL would repair what an attack left broken. */
function splitUrl(url: string): { authority: string; target: string } | undefined {
  const match = /^(?:https?|wss?):\/\/([^/?#]*)([^#]*)/i.exec(url)
  if (match === null) return undefined
  const rest = match[2] ?? ''
  return { authority: match[1] ?? '', target: rest.startsWith('/') ? rest : `/${rest}` }
}

/** Browsers record HTTP/2 pseudo headers; only `:authority` has a meaning in HTTP/1.1. */
function headersOf(request: Members, authority: string): readonly string[] {
  const rawHeaders: string[] = []
  let hasHost = false
  for (const [name, value] of pairsOf(request['headers'])) {
    if (name.startsWith(':')) continue
    if (name.toLowerCase() === 'host') hasHost = true
    rawHeaders.push(wireText(name), wireText(value))
  }
  return hasHost ? rawHeaders : ['Host', wireText(authority), ...rawHeaders]
}

function bodyOf(request: Members): Uint8Array | null {
  const post = request['postData']
  if (!isMembers(post)) return null
  const text = post['text']
  if (typeof text === 'string') return Buffer.from(text, post['encoding'] === 'base64' ? 'base64' : 'utf8')
  const form = new URLSearchParams(pairsOf(post['params']))
  return form.size === 0 ? null : Buffer.from(form.toString(), 'utf8')
}

function pairsOf(list: unknown): [string, string][] {
  if (!Array.isArray(list)) return []
  const pairs: [string, string][] = []
  for (const item of list as readonly unknown[]) {
    if (!isMembers(item) || typeof item['name'] !== 'string') continue
    pairs.push([item['name'], typeof item['value'] === 'string' ? item['value'] : ''])
  }
  return pairs
}
