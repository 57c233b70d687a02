// Reads a message that a strict server refuses, so that rules about such messages can be asked all the same.
import { parseRawRequest } from '../../src/replay/raw-request.ts'
import type { RequestView } from '../../src/request/request-view.ts'

/**
 * `null` where not even a lenient reader finds a request. A body ends where Content-Length says, if that is a number; a
 * Content-Length beside a Transfer-Encoding is left out (RFC 9112 6.3).
 */
export function lenientView(bytes: Buffer): RequestView | null {
  const result = parseRawRequest(tamed(bytes))
  if (result.kind === 'unreadable') return null
  const { method, target, body } = result.request
  const rawHeaders = framedOnce(result.request.rawHeaders)
  const length = Number(lastOf(rawHeaders, 'content-length') ?? Number.NaN)
  const isShorter = body !== null && Number.isInteger(length) && length < body.length
  const lineEnd = bytes.indexOf(10)
  const line = bytes.toString('latin1', 0, lineEnd < 0 ? bytes.length : lineEnd).trimEnd()
  return {
    method: wordsOf(bytes)[0] ?? method,
    target,
    rawHeaders,
    body: isShorter ? nullIfEmpty(body.subarray(0, length)) : body,
    isBodyCut: false,
    remoteAddress: '127.0.0.1',
    receivedAtMs: Date.now(),
    httpVersion: /HTTP\/(\d+(?:\.\d+)?)$/.exec(line)?.[1] ?? '0.9',
  }
}

/** A method that is no token stops even the lenient reader: it is put back afterwards. */
function tamed(bytes: Buffer): Buffer {
  const [method = ''] = wordsOf(bytes)
  if (/^[A-Z]+$/.test(method) || method === '') return bytes
  return Buffer.concat([Buffer.from('GET'), bytes.subarray(method.length)])
}

const wordsOf = (bytes: Buffer): string[] => bytes.toString('latin1', 0, 200).split(' ')

function lastOf(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) found = rawHeaders[index + 1]
  }
  return found
}

function framedOnce(rawHeaders: readonly string[]): readonly string[] {
  if (lastOf(rawHeaders, 'transfer-encoding') === undefined) return rawHeaders
  const isLength = (index: number): boolean => rawHeaders[index - (index % 2)]?.toLowerCase() === 'content-length'
  return rawHeaders.filter((_, index) => !isLength(index))
}

const nullIfEmpty = (body: Uint8Array): Uint8Array | null => (body.length === 0 ? null : body)
