import type { Config } from '../config/schema.ts'
import { classifyHeader, isEndToEnd, isTreacherousName } from './header-name.ts'
import { malformed, type Rejection, tooLarge } from './rejection.ts'
import { isSafeHost, originForm } from './target.ts'

// The membrane: what a request must look like before anything reads it.
// It judges framing and form, never content, and never answers: it returns a value.

/** What the membrane learned from the head of a request. */
export type Head = {
  readonly kind: 'head'
  /** Origin form. */
  readonly target: string
  readonly host: string | null
  /** Declared body length; 0 when there is no body, -1 when it is chunked. */
  readonly length: number
  readonly contentType: string | null
  readonly contentEncoding: string | null
  /** All Connection headers in one, lower case; `null` when there is none. */
  readonly connection: string | null
  readonly expectsContinue: boolean
  /** Protocol that the client wants to change to, lower case. */
  readonly upgrade: string | null
}

/** The part of node's IncomingMessage that the membrane looks at. */
export type RawHead = {
  readonly method: string
  readonly target: string
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

type Draft = { -readonly [Key in keyof Head]: Head[Key] } & { lengths: number; encodings: number }

const wholeNumber = /^\d{1,15}$/
const refusedMethods = new Set(['TRACE', 'TRACK', 'CONNECT'])

/** Lets a request through as a `Head`, or says why not. Every rejection closes the connection. */
export function passMembrane(raw: RawHead, limits: Config['request']): Head | Rejection {
  const { rawHeaders, method, httpVersion } = raw
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed('Only HTTP/1.1 and HTTP/1.0 are spoken here.')
  if (refusedMethods.has(method)) return malformed('This method is not supported.', 405)
  if (rawHeaders.length > 2 * limits.maxHeaders) return tooLarge('The request has too many headers.', 431)
  const draft = createDraft(raw.target)
  let bytes = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    bytes += name.length + value.length + 4
    if (name.includes('_') && isTreacherousName(name)) return malformed('A header name is an alias of another header.')
    const rejection = note(draft, name, value)
    if (rejection !== null) return rejection
  }
  if (bytes > limits.maxHeaderBytes) return tooLarge('The request headers are too large.', 431)
  return conclude(draft, raw)
}

function createDraft(target: string): Draft {
  return {
    kind: 'head',
    target,
    host: null,
    length: 0,
    contentType: null,
    contentEncoding: null,
    connection: null,
    expectsContinue: false,
    upgrade: null,
    lengths: 0,
    encodings: 0,
  }
}

/** Takes in one header. */
function note(draft: Draft, name: string, value: string): Rejection | null {
  switch (classifyHeader(name)) {
    case 'host':
      if (draft.host !== null) return malformed('The request has more than one Host header.')
      draft.host = value
      return isSafeHost(value) ? null : malformed('The Host header is not a host.')
    case 'content-length':
      draft.lengths += 1
      draft.length = Number(value)
      return wholeNumber.test(value) ? null : malformed('The Content-Length header is not a number.')
    case 'transfer-encoding':
      draft.encodings += 1
      return value.toLowerCase() === 'chunked' ? null : malformed('The only Transfer-Encoding accepted is chunked.')
    case 'content-type':
      if (draft.contentType !== null) return malformed('The request has more than one Content-Type header.')
      draft.contentType = value
      return null
    case 'content-encoding':
      if (draft.contentEncoding !== null) return malformed('The request has more than one Content-Encoding header.')
      draft.contentEncoding = value.toLowerCase()
      return null
    case 'connection':
      draft.connection = draft.connection === null ? value.toLowerCase() : `${draft.connection},${value.toLowerCase()}`
      return null
    case 'expect':
      if (draft.expectsContinue || value.toLowerCase() !== '100-continue') {
        return malformed('The only Expect accepted is 100-continue.')
      }
      draft.expectsContinue = true
      return null
    case 'upgrade':
      if (draft.upgrade !== null) return malformed('The request has more than one Upgrade header.')
      draft.upgrade = value.toLowerCase()
      return null
    default:
      return null
  }
}

/** What can be judged only once all headers are known. */
function conclude(draft: Draft, raw: RawHead): Head | Rejection {
  const isOldVersion = raw.httpVersion === '1.0'
  if (draft.host === null && !isOldVersion) return malformed('The Host header is missing.')
  if (draft.lengths > 1) return malformed('The request has more than one Content-Length header.')
  if (draft.encodings > 0) {
    if (draft.encodings > 1) return malformed('The request has more than one Transfer-Encoding header.')
    if (draft.lengths > 0) return malformed('The request has both Content-Length and Transfer-Encoding.')
    if (isOldVersion) return malformed('HTTP/1.0 knows no Transfer-Encoding.')
    draft.length = -1
  }
  if (draft.connection !== null && namesEndToEnd(draft.connection)) {
    return malformed('The Connection header names a header that is not its to name.')
  }
  const target = originForm(raw.target, draft.host)
  if (typeof target !== 'string') return target
  draft.target = target
  draft.expectsContinue = draft.expectsContinue && !isOldVersion
  return draft
}

function namesEndToEnd(connection: string): boolean {
  if (connection === 'keep-alive' || connection === 'close') return false
  return connection.split(',').some((token) => isEndToEnd(token.trim()))
}

/** True when a request asks to become a WebSocket. */
export function wantsWebSocket(head: Pick<Head, 'upgrade' | 'connection'>): boolean {
  return head.upgrade === 'websocket' && connectionTokens(head.connection).includes('upgrade')
}

/** The tokens of the Connection header, lower case. */
export function connectionTokens(connection: string | null): readonly string[] {
  return connection === null ? [] : connection.split(',').map((token) => token.trim())
}
