import { parseRawRequest } from './raw-request.ts'
import type { RecordedRequest } from './traffic-record.ts'

export type RequestParts = Extract<RecordedRequest, { readonly kind: 'parts' }>

/** A recorded request in parts that can be changed; `undefined` where raw bytes are no request. */
export function partsOf(recorded: RecordedRequest): RequestParts | undefined {
  if (recorded.kind === 'parts') return recorded
  const raw = parseRawRequest(recorded.bytes)
  if (raw.kind === 'unreadable') return undefined
  // The chunks of a body were put together, so what said that there are chunks no longer holds.
  return { kind: 'parts', ...raw.request, rawHeaders: withoutHeader(raw.request.rawHeaders, 'transfer-encoding') }
}

/** The body's media type in lower case, empty when there is none. */
export function mediaTypeOf({ rawHeaders }: RequestParts): string {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-type') return rawHeaders[index + 1]?.toLowerCase() ?? ''
  }
  return ''
}

/** Path, and query without its question mark; `null` when there is none. */
export function splitTarget(target: string): { readonly path: string; readonly query: string | null } {
  const at = target.indexOf('?')
  return at === -1 ? { path: target, query: null } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

export function joinTarget(path: string, query: string | null): string {
  return query === null ? path : `${path}?${query}`
}

/** One character a byte. */
export function bodyText({ body }: RequestParts): string {
  return body === null ? '' : Buffer.from(body).toString('latin1')
}

function withoutHeader(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_text, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== name)
}
