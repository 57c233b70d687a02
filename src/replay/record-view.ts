import type { RequestView } from '../request/request-view.ts'
import { parseRawRequest } from './raw-request.ts'
import type { RecordedRequest } from './traffic-record.ts'

export type ViewResult =
  | { readonly kind: 'view'; readonly view: RequestView }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Where a replayed request seems to come from, and when. */
export type Arrival = { readonly remoteAddress: string; readonly receivedAtMs: number }

const defaultHost = 'localhost'

/**
 * The request as the gateway would have seen it. Raw bytes are taken as they are. Parts get what every HTTP/1.1 client
 * sends and recordings leave out: a Host, and a Content-Length that is true.
 */
export function toRequestView(recorded: RecordedRequest, arrival: Arrival): ViewResult {
  if (recorded.kind === 'raw') {
    const raw = parseRawRequest(recorded.bytes)
    return raw.kind === 'unreadable' ? raw : { kind: 'view', view: { ...raw.request, isBodyCut: false, ...arrival } }
  }
  const body = recorded.body !== null && recorded.body.length > 0 ? recorded.body : null
  const view: RequestView = {
    method: recorded.method,
    target: recorded.target,
    rawHeaders: completedHeaders(recorded.rawHeaders, body),
    body,
    isBodyCut: false,
    ...arrival,
  }
  return { kind: 'view', view }
}

function completedHeaders(recorded: readonly string[], body: Uint8Array | null): readonly string[] {
  const headers: string[] = []
  let hasHost = false
  let isFramed = body === null
  for (let index = 0; index + 1 < recorded.length; index += 2) {
    const name = recorded[index] ?? ''
    let value = recorded[index + 1] ?? ''
    const lowerName = name.toLowerCase()
    if (lowerName === 'host') hasHost = true
    if (lowerName === 'transfer-encoding') isFramed = true
    if (lowerName === 'content-length' && body !== null) {
      value = String(body.length)
      isFramed = true
    }
    headers.push(name, value)
  }
  if (!isFramed) headers.push('Content-Length', String(body?.length ?? 0))
  return hasHost ? headers : ['Host', defaultHost, ...headers]
}

/** First value of a header of a recorded request, `null` when it has none. */
export function recordedHeader(recorded: RecordedRequest, name: string): string | null {
  const rawHeaders = headersOf(recorded)
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) return rawHeaders[index + 1] ?? null
  }
  return null
}

function headersOf(recorded: RecordedRequest): readonly string[] {
  if (recorded.kind === 'parts') return recorded.rawHeaders
  const raw = parseRawRequest(recorded.bytes)
  return raw.kind === 'request' ? raw.request.rawHeaders : []
}
