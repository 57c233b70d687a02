import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { configSchema } from '../../src/config/schema.ts'
import { createCanonicalizer } from '../../src/request/canonicalize.ts'
import { createClientIdentifier } from '../../src/request/client-identity.ts'
import { createHeadReader } from '../../src/request/request-head.ts'
import { RouteCatalog } from '../../src/request/route-catalog.ts'

export type Row = {
  readonly id: string
  readonly label: string
  readonly category: string | null
  readonly split?: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string | null
  readonly body_b64?: string
  readonly raw_b64?: string
  readonly payload?: string
}

export type Measurement = {
  readonly id: string
  readonly label: string
  readonly category: string | null
  readonly split: string
  /** Of the worst value of the request. */
  readonly logOdds: number
  readonly field: string
  readonly value: string
}

export type Meter = (row: Row) => Measurement

/** Scores requests by their worst value; headers are left out, since a layer only takes them as a hint. */
export function createMeter(score: (text: string) => number): Meter {
  const config = configSchema.parse({})
  const catalog = new RouteCatalog({ maxRoutes: 1, maxFieldsPerRoute: 1, maxServices: 1 })
  const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [] })
  const readHead = createHeadReader({ ...config.identity, ...config.request, catalog, identifier })
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  return (row) => {
    const view = {
      method: row.method,
      target: row.url,
      rawHeaders: row.headers.flat(),
      body: bodyOf(row),
      isBodyCut: false,
      remoteAddress: '192.0.2.1',
      receivedAtMs: 0,
    }
    let worst = { logOdds: Number.NEGATIVE_INFINITY, field: '', value: '' }
    for (const { location, name, value } of canonicalize(view, readHead(view)).fields) {
      if (location === 'header' || (location === 'path' && name !== '*' && !name.includes('~'))) continue
      const logOdds = score(value)
      if (logOdds > worst.logOdds) worst = { logOdds, field: `${location} ${name}`, value }
    }
    return { id: row.id, label: row.label, category: row.category, split: row.split ?? '', ...worst }
  }
}

function bodyOf(row: Row): Buffer | null {
  if (row.raw_b64 !== undefined) {
    const raw = Buffer.from(row.raw_b64, 'base64')
    const end = raw.indexOf('\r\n\r\n')
    return end === -1 || end + 4 === raw.length ? null : raw.subarray(end + 4)
  }
  if (row.body_b64 !== undefined) return Buffer.from(row.body_b64, 'base64')
  return row.body === null || row.body === undefined ? null : Buffer.from(row.body)
}

export const readRows = (path: string): Row[] =>
  gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

export const measureSet = (path: string, meter: Meter, change: (row: Row) => Row): Measurement[] =>
  readRows(path).map((row) => meter(change(row)))

const filler =
  'The committee met again on Tuesday to talk about the new library, which should open in spring. Everybody agreed that the reading room needs more light, and that coffee is welcome there. '

/** The same request with so many characters of harmless text before an attack's payload, where the payload is known. */
export function padded(row: Row, characters: number): Row {
  if (characters === 0 || row.label !== 'attack' || row.payload === undefined || row.payload === '') return row
  const text = filler.repeat(Math.ceil(characters / filler.length)).slice(0, characters)
  const forms = [
    [row.payload, text],
    [encodeURIComponent(row.payload.toWellFormed()), encodeURIComponent(text)],
    [JSON.stringify(row.payload).slice(1, -1), text],
  ] as const
  for (const [payload, before] of forms) {
    if (row.url.includes(payload)) return { ...row, url: row.url.replace(payload, () => before + payload) }
    if (typeof row.body === 'string' && row.body.includes(payload)) {
      return { ...row, body: row.body.replace(payload, () => before + payload) }
    }
  }
  return row
}
