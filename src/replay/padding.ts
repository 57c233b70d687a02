import type { Random } from '../core/random.ts'
import { type Encoding, encodedStart, encodeText } from './decoded-place.ts'
import { harmlessText } from './harmless-text.ts'
import { bodyText, joinTarget, mediaTypeOf, partsOf, type RequestParts, splitTarget } from './request-parts.ts'
import { type TrafficRecord, wireText } from './traffic-record.ts'

export type PaddingOptions = { readonly characters: number; readonly random: Random }

/**
 * The record with harmless text put before its payload, within the same value; `undefined` where the payload is not
 * known or is not found in the decoded query, path, body or headers.
 */
export function padded(record: TrafficRecord, options: PaddingOptions): TrafficRecord | undefined {
  const parts = record.payload === undefined ? undefined : partsOf(record.request)
  if (parts === undefined || record.payload === undefined) return undefined
  const text = harmlessText(options.characters, options.random)
  const insert = inserter(wireText(record.payload), text)
  const request = padTarget(parts, insert) ?? padBody(parts, insert) ?? padHeaders(parts, insert)
  return request === undefined ? undefined : { ...record, request }
}

type Insert = (encoded: string, encoding: Encoding) => string | undefined

function inserter(payload: string, text: string): Insert {
  return (encoded, encoding) => {
    const at = encodedStart(encoded, payload, encoding)
    return at === -1 ? undefined : encoded.slice(0, at) + encodeText(text, encoding) + encoded.slice(at)
  }
}

function padTarget(parts: RequestParts, insert: Insert): RequestParts | undefined {
  const { path, query } = splitTarget(parts.target)
  const longerQuery = query === null ? undefined : insert(query, 'form')
  if (longerQuery !== undefined) return { ...parts, target: joinTarget(path, longerQuery) }
  const longerPath = insert(path, 'path')
  return longerPath === undefined ? undefined : { ...parts, target: joinTarget(longerPath, query) }
}

function padBody(parts: RequestParts, insert: Insert): RequestParts | undefined {
  if (parts.body === null) return undefined
  const text = bodyText(parts)
  const longer = insert(text, bodyEncoding(mediaTypeOf(parts), text))
  return longer === undefined ? undefined : { ...parts, body: Buffer.from(longer, 'latin1') }
}

/** Browsers send JSON as text/plain or under no type at all, so that its first character counts as well. */
function bodyEncoding(mediaType: string, text: string): Encoding {
  if (mediaType.includes('json')) return 'json'
  if (mediaType.includes('urlencoded')) return 'form'
  return /^\s*[[{]/.test(text) ? 'json' : 'plain'
}

function padHeaders(parts: RequestParts, insert: Insert): RequestParts | undefined {
  for (let index = 1; index < parts.rawHeaders.length; index += 2) {
    const longer = insert(parts.rawHeaders[index] ?? '', 'plain')
    if (longer !== undefined) return { ...parts, rawHeaders: parts.rawHeaders.with(index, longer) }
  }
  return undefined
}
