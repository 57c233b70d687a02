// Recorded requests of the development data as the scripts that train and measure read them: whole files of small rows,
// of which some change a payload before the request is made.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { configSchema } from '../src/config/schema.ts'
import type { CanonicalRequest } from '../src/request/canonical-request.ts'
import { createCanonicalizer } from '../src/request/canonicalize.ts'
import { createClientIdentifier } from '../src/request/client-identity.ts'
import { createHeadReader } from '../src/request/request-head.ts'
import type { RequestView } from '../src/request/request-view.ts'
import { RouteCatalog } from '../src/request/route-catalog.ts'

export type Row = {
  readonly id: string
  readonly label: string
  readonly category: string | null
  readonly split?: string
  readonly client?: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string | null
  readonly body_b64?: string
  readonly raw_b64?: string
  readonly payload?: string
}

export const readRows = <R = Row>(path: string): R[] =>
  gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as R)

export const viewOf = (row: Row): RequestView => ({
  method: row.method,
  target: row.url,
  rawHeaders: row.headers.flat(),
  body: bodyOf(row),
  isBodyCut: false,
  remoteAddress: '192.0.2.1',
  receivedAtMs: 0,
})

/** What follows the blank line of a raw message, where there is one. */
function bodyOf(row: Row): Buffer | null {
  if (row.raw_b64 !== undefined) {
    const raw = Buffer.from(row.raw_b64, 'base64')
    const end = raw.indexOf('\r\n\r\n')
    return end === -1 || end + 4 === raw.length ? null : raw.subarray(end + 4)
  }
  if (row.body_b64 !== undefined) return Buffer.from(row.body_b64, 'base64')
  return row.body === null || row.body === undefined ? null : Buffer.from(row.body)
}

/** Reads rows as an engine does that has learned nothing. */
export function createRowReader(): (row: Row) => CanonicalRequest {
  const config = configSchema.parse({})
  const catalog = new RouteCatalog({ maxRoutes: 1, maxFieldsPerRoute: 1, maxServices: 1 })
  const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [] })
  const readHead = createHeadReader({ ...config.identity, ...config.request, catalog, identifier })
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  return (row) => {
    const view = viewOf(row)
    return canonicalize(view, readHead(view))
  }
}
