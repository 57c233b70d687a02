const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te'])
/** Lengths of the names above: others are not even lower-cased. */
const hopByHopLengths = new Set(Array.from(hopByHop, (name) => name.length))

/** A trailer must not frame, route or authenticate (RFC 9110, 6.5.1). */
const forbiddenTrailers = new Set([
  ...hopByHop,
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'host',
  'trailer',
  'set-cookie',
  'cache-control',
  'authorization',
])

/** Headers of an upstream's answer for the client, flat. */
export type ClientHeaders = {
  readonly flat: string[]
  readonly isEventStream: boolean
}

type RawHeaders = readonly (Buffer | string)[]

/** Makes text of what undici hands over and drops what was meant for this hop only. */
export function clientHeaders(raw: RawHeaders): ClientHeaders {
  const flat: string[] = []
  let isEventStream = false
  let named: string | null = null
  for (let index = 0; index < raw.length; index += 2) {
    const name = textOf(raw[index])
    const value = textOf(raw[index + 1])
    if (hopByHopLengths.has(name.length)) {
      const lower = name.toLowerCase()
      if (lower === 'connection') named = named === null ? value : `${named},${value}`
      if (hopByHop.has(lower)) continue
    }
    if (name.length === 12 && value.startsWith('text/event-stream')) isEventStream = true
    flat.push(name, value)
  }
  if (named !== null) dropNamed(flat, named.toLowerCase())
  return { flat, isEventStream }
}

function textOf(part: Buffer | string | undefined): string {
  if (part === undefined || typeof part === 'string') return part ?? ''
  return part.toString('latin1')
}

function dropNamed(flat: string[], connection: string): void {
  if (connection === 'keep-alive' || connection === 'close') return
  const names = new Set(connection.split(',').map((token) => token.trim()))
  for (let index = flat.length - 2; index >= 0; index -= 2) {
    const lower = flat[index]?.toLowerCase() ?? ''
    if (names.has(lower) && lower !== 'content-length') flat.splice(index, 2)
  }
}

const plainPhrase = /^[\t\x20-\x7e]*$/

/** The reason phrase of an upstream's answer; empty when node would refuse to write it. Nobody acts on it (RFC 9112, 4). */
export function reasonPhrase(text: string | undefined): string {
  return text !== undefined && plainPhrase.test(text) ? text : ''
}

/** Trailers as node takes them, `null` when none is left. */
export function clientTrailers(raw: RawHeaders | null): [string, string][] | null {
  if (raw === null || raw.length === 0) return null
  const trailers: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = textOf(raw[index])
    if (!forbiddenTrailers.has(name.toLowerCase())) trailers.push([name, textOf(raw[index + 1])])
  }
  return trailers.length === 0 ? null : trailers
}
