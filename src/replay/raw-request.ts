/**
 * Reads one raw HTTP/1.x message, byte exact and tolerant: this is for recorded attacks, which are often malformed, not
 * for a socket. It never throws, looks at each byte a fixed number of times and keeps to the caps below.
 */

const maxHeadBytes = 1_048_576
const maxHeaders = 1_000
const lf = 10
const cr = 13
const space = 32
const tab = 9
const colon = 58

export type RawRequest = {
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array | null
}

export type RawResult =
  | { readonly kind: 'request'; readonly request: RawRequest }
  | { readonly kind: 'unreadable'; readonly reason: string }

export function parseRawRequest(bytes: Uint8Array): RawResult {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (message[at] === lf || message[at] === cr) at += 1 // RFC 9112 2.2: empty lines before the request line
  const lineEnd = endOfLine(message, at)
  const requestLine = parseRequestLine(message.toString('latin1', at, contentEnd(message, at, lineEnd)))
  if (requestLine === undefined) return unreadable('it does not start with an HTTP request line')
  const head = readHeaders(message, lineEnd + 1)
  if (head.kind === 'unreadable') return head
  const rest = message.subarray(Math.min(head.bodyStart, message.length))
  const body = isChunked(head.rawHeaders) ? decodeChunks(rest) : wholeBody(rest)
  return { kind: 'request', request: { ...requestLine, rawHeaders: head.rawHeaders, body } }
}

/** Whether a text can stand as an HTTP method (RFC 9110 5.6.2: token). */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~\w]{1,64}$/.test(text)
}

/** Method up to the first blank, version after the last one, the target between: attacks do put blanks into it. */
export function parseRequestLine(line: string): { method: string; target: string } | undefined {
  const first = line.indexOf(' ')
  if (first <= 0) return undefined
  const method = line.slice(0, first)
  if (!isToken(method)) return undefined
  const last = line.lastIndexOf(' ')
  const hasVersion = last > first && /^HTTP\/\d{1,2}(?:\.\d{1,2})?$/i.test(line.slice(last + 1))
  const target = (hasVersion ? line.slice(first + 1, last) : line.slice(first + 1)).trim()
  return target === '' ? undefined : { method, target }
}

type Head =
  | { readonly kind: 'head'; readonly rawHeaders: readonly string[]; readonly bodyStart: number }
  | { readonly kind: 'unreadable'; readonly reason: string }

function readHeaders(message: Buffer, start: number): Head {
  const rawHeaders: string[] = []
  let at = start
  while (at < message.length) {
    const lineEnd = endOfLine(message, at)
    const end = contentEnd(message, at, lineEnd)
    if (end === at) return { kind: 'head', rawHeaders, bodyStart: lineEnd + 1 }
    addHeaderLine(rawHeaders, message, at, end)
    at = lineEnd + 1
    if (rawHeaders.length > maxHeaders * 2) return unreadable(`it has more than ${maxHeaders} headers`)
    if (at - start > maxHeadBytes) return unreadable(`its headers are larger than ${maxHeadBytes} bytes`)
  }
  return { kind: 'head', rawHeaders, bodyStart: message.length }
}

/** A folded line continues the value before it (RFC 9112 5.2); a line without a colon says nothing and is left out. */
function addHeaderLine(rawHeaders: string[], message: Buffer, start: number, end: number): void {
  const first = message[start]
  if ((first === space || first === tab) && rawHeaders.length > 0) {
    rawHeaders.push(`${rawHeaders.pop() ?? ''} ${message.toString('latin1', start, end).trim()}`.trim())
    return
  }
  const at = message.indexOf(colon, start)
  if (at <= start || at >= end) return
  rawHeaders.push(message.toString('latin1', start, at).trim(), message.toString('latin1', at + 1, end).trim())
}

function isChunked(rawHeaders: readonly string[]): boolean {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'transfer-encoding') {
      return /(?:^|,)\s*chunked\s*$/i.test(rawHeaders[index + 1] ?? '')
    }
  }
  return false
}

/** A record holds one message, so what follows the head is its body, also where Content-Length says otherwise. */
function wholeBody(rest: Buffer): Uint8Array | null {
  return rest.length === 0 ? null : rest
}

/** Content of a chunked body. Where the chunks stop making sense, everything from there on is content. */
export function decodeChunks(rest: Buffer): Uint8Array | null {
  const parts: Buffer[] = []
  let at = 0
  while (at < rest.length) {
    const lineEnd = endOfLine(rest, at)
    const size = chunkSize(rest.toString('latin1', at, Math.min(lineEnd, at + 64)))
    if (size === undefined) {
      parts.push(rest.subarray(at))
      break
    }
    if (size === 0) break
    const start = lineEnd + 1
    parts.push(rest.subarray(start, start + size))
    at = start + size
    if (rest[at] === cr) at += 1
    if (rest[at] === lf) at += 1
  }
  const body = parts.length === 1 ? parts[0] : Buffer.concat(parts)
  return body === undefined || body.length === 0 ? null : body
}

function chunkSize(line: string): number | undefined {
  const digits = /^\s*([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line.trimEnd())?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

function endOfLine(bytes: Buffer, start: number): number {
  const at = bytes.indexOf(lf, start)
  return at === -1 ? bytes.length : at
}

function contentEnd(bytes: Buffer, start: number, lineEnd: number): number {
  return lineEnd > start && bytes[lineEnd - 1] === cr ? lineEnd - 1 : lineEnd
}

function unreadable(reason: string): { kind: 'unreadable'; reason: string } {
  return { kind: 'unreadable', reason }
}
