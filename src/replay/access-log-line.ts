import { isIP } from 'node:net'
import { parseRequestLine } from './raw-request.ts'
import type { RecordedRequest } from './traffic-record.ts'

/** What one line of an access log says of a request. */
export type LoggedRequest = {
  readonly client: string | null
  readonly tsMs: number | null
  readonly status: number | null
  readonly request: RecordedRequest
}

export type LoggedLine =
  | { readonly kind: 'request'; readonly logged: LoggedRequest }
  | { readonly kind: 'no-request'; readonly reason: string }
  | { readonly kind: 'other-format' }

type Token = { readonly kind: 'bare' | 'quoted' | 'bracketed'; readonly text: string }

/**
 * Common and Combined Log Format (Apache `common`, `combined`, `vhost_combined`; nginx `combined`), latin-1 text:
 *
 *   [vhost] host ident user [time] "request line" status bytes ["referer" "user agent"] ...
 */
export function parseAccessLogLine(line: string): LoggedLine {
  const tokens = tokensOf(line)
  const timeAt = tokens.findIndex((token) => token.kind === 'bracketed')
  const requestToken = tokens[timeAt + 1]
  const statusText = tokens[timeAt + 2]?.text ?? ''
  if (timeAt < 3 || requestToken?.kind !== 'quoted' || !/^(?:\d{3}|-)$/.test(statusText)) {
    return { kind: 'other-format' }
  }
  const requestLine = parseRequestLine(requestToken.text)
  if (requestLine === undefined) return { kind: 'no-request', reason: 'the logged request is no HTTP request line' }
  const { vhost, client } = peersOf(tokens)
  const rawHeaders: string[] = []
  addHeader(rawHeaders, 'Host', vhost)
  addHeader(rawHeaders, 'Referer', quotedText(tokens[timeAt + 4]))
  addHeader(rawHeaders, 'User-Agent', quotedText(tokens[timeAt + 5]))
  return {
    kind: 'request',
    logged: {
      client,
      tsMs: parseLogTime(tokens[timeAt]?.text ?? ''),
      status: statusText === '-' ? null : Number(statusText),
      request: { kind: 'parts', ...requestLine, rawHeaders, body: null },
    },
  }
}

/** `10/Oct/2000:13:55:36 -0700` as epoch milliseconds. */
export function parseLogTime(text: string): number | null {
  const match = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/.exec(text)
  if (match === null) return null
  const [, day, month, year, time, hours, minutes] = match
  const at = Date.parse(`${day} ${month} ${year} ${time} ${hours}${minutes}`)
  return Number.isNaN(at) ? null : at
}

function peersOf(tokens: readonly Token[]): { vhost: string | null; client: string | null } {
  const first = tokens[0]?.text ?? '-'
  const second = tokens[1]?.text ?? '-'
  const isVhostFirst = isIP(first) === 0 && isIP(second) !== 0
  const client = isVhostFirst ? second : first
  return { vhost: isVhostFirst ? first : null, client: client === '-' ? null : client }
}

function quotedText(token: Token | undefined): string | null {
  return token?.kind === 'quoted' && token.text !== '-' ? token.text : null
}

function addHeader(rawHeaders: string[], name: string, value: string | null): void {
  if (value !== null && value !== '') rawHeaders.push(name, value)
}

const maxTokens = 64

function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < line.length && tokens.length < maxTokens) {
    const character = line[at]
    if (character === ' ' || character === '\t' || character === '\r') {
      at += 1
    } else if (character === '"') {
      const end = closingQuote(line, at + 1)
      tokens.push({ kind: 'quoted', text: unescapeLog(line.slice(at + 1, end)) })
      at = end + 1
    } else if (character === '[') {
      const close = line.indexOf(']', at)
      const end = close === -1 ? line.length : close
      tokens.push({ kind: 'bracketed', text: line.slice(at + 1, end) })
      at = end + 1
    } else {
      const blank = line.indexOf(' ', at)
      const end = blank === -1 ? line.length : blank
      tokens.push({ kind: 'bare', text: line.slice(at, end).trimEnd() })
      at = end + 1
    }
  }
  return tokens
}

function closingQuote(line: string, start: number): number {
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1
    else if (line[at] === '"') return at
  }
  return line.length
}

const namedEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' }

/** Undoes `\xhh`, `\"`, `\\` and the C escapes with which Apache and nginx write what is not printable. */
function unescapeLog(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/g,
    (_whole, hex: string | undefined, character: string | undefined) =>
      hex === undefined
        ? (namedEscapes[character ?? ''] ?? character ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
