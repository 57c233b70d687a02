/** The headers that framing and forwarding turn on; all others are `other`. */
export type HeaderKind =
  | 'other'
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'content-type'
  | 'content-encoding'
  | 'connection'
  | 'expect'
  | 'upgrade'
  /** Meant for the next hop only (RFC 9110, 7.6.1). */
  | 'hop-by-hop'
  | 'x-forwarded-for'
  | 'x-forwarded-proto'
  | 'x-forwarded-host'
  | 'forwarded'
  /** Says who the client is or how it came, and is believed by many servers. */
  | 'other-forwarding'

type Entry = { readonly lower: string; readonly firstLetter: number; readonly kind: HeaderKind }

const known: Readonly<Record<string, HeaderKind>> = {
  host: 'host',
  'content-length': 'content-length',
  'transfer-encoding': 'transfer-encoding',
  'content-type': 'content-type',
  'content-encoding': 'content-encoding',
  connection: 'connection',
  expect: 'expect',
  upgrade: 'upgrade',
  te: 'hop-by-hop',
  trailer: 'hop-by-hop',
  'keep-alive': 'hop-by-hop',
  'proxy-connection': 'hop-by-hop',
  'proxy-authorization': 'hop-by-hop',
  'http2-settings': 'hop-by-hop',
  'x-forwarded-for': 'x-forwarded-for',
  'x-forwarded-proto': 'x-forwarded-proto',
  'x-forwarded-host': 'x-forwarded-host',
  forwarded: 'forwarded',
  'x-real-ip': 'other-forwarding',
}

const none: readonly Entry[] = []
const forwardedPrefix = 'x-forwarded-'
const letterX = 0x78

/** Known names by length: most headers are told apart by their length and first letter, without lower-casing them. */
const byLength: readonly (readonly Entry[])[] = buildTable()

function buildTable(): Entry[][] {
  const table: Entry[][] = []
  for (const [lower, kind] of Object.entries(known)) {
    while (table.length <= lower.length) table.push([])
    table[lower.length]?.push({ lower, firstLetter: lower.charCodeAt(0), kind })
  }
  return table
}

/** Which of the headers that matter here a name is, in any case. */
export function classifyHeader(name: string): HeaderKind {
  const firstLetter = name.charCodeAt(0) | 0x20
  const entries = byLength[name.length] ?? none
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index]
    if (entry === undefined || entry.firstLetter !== firstLetter) continue
    if (name === entry.lower || name.toLowerCase() === entry.lower) return entry.kind
  }
  if (firstLetter === letterX && name.length > forwardedPrefix.length) {
    if (name.slice(0, forwardedPrefix.length).toLowerCase() === forwardedPrefix) return 'other-forwarding'
  }
  return 'other'
}

/** Beside the known ones: names that must not be spelled with underscores or be named by Connection. */
const guarded = new Set(['authorization', 'cookie', 'content-range', 'origin', 'set-cookie'])

/**
 * Servers with a CGI heritage read `_` as `-`, so that `Content_Length` means one thing to us and another to them.
 * `__proto__` breaks servers that keep headers in plain objects (CVE-2026-21710).
 */
export function isTreacherousName(name: string): boolean {
  const dashed = name.toLowerCase().replaceAll('_', '-')
  if (name.toLowerCase() === '__proto__') return true
  return guarded.has(dashed) || classifyHeader(dashed) !== 'other'
}

/** True for a name that the Connection header must not declare to be for one hop only. */
export function isEndToEnd(name: string): boolean {
  if (guarded.has(name)) return true
  const kind = classifyHeader(name)
  return kind !== 'other' && kind !== 'hop-by-hop' && kind !== 'upgrade'
}
