/**
 * Trains models/chunk-rarity: in how many ordinary values each character-class chunk occurs. Usage:
 *
 *   node scripts/train-rarity.ts ../shared/data
 *
 * Material: the benign requests of blazehttp-dev without the hosts of siteinject-dev, so that the sites which the
 * adaptive layer is measured on have no part in its prior. Only counts of class chunks are kept, no text.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { chunkCount, chunksOf } from '../src/antigen/chunks.ts'
import { configSchema } from '../src/config/schema.ts'
import { createCanonicalizer } from '../src/request/canonicalize.ts'
import { createClientIdentifier } from '../src/request/client-identity.ts'
import { createHeadReader } from '../src/request/request-head.ts'
import { RouteCatalog } from '../src/request/route-catalog.ts'

type Row = { label: string; method: string; url: string; headers: [string, string][]; raw_b64?: string }

const folder = process.argv[2] ?? '../shared/data'
const read = (name: string): Row[] =>
  gunzipSync(readFileSync(join(folder, name)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
const hostOf = (row: Row): string => row.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''

/** What follows the blank line of a raw message. */
const bodyOf = (row: Row): Buffer | null => {
  const raw = Buffer.from(row.raw_b64 ?? '', 'base64')
  const end = raw.indexOf('\r\n\r\n')
  return end === -1 || end + 4 === raw.length ? null : raw.subarray(end + 4)
}

const config = configSchema.parse({})
const catalog = new RouteCatalog({ maxRoutes: 1, maxFieldsPerRoute: 1, maxServices: 1 })
const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [] })
const readHead = createHeadReader({
  ...config.identity,
  catalog,
  identifier,
  maxDecodeDepth: config.request.maxDecodeDepth,
})
const canonicalize = createCanonicalizer({ limits: config.request, catalog })

const measured = new Set(read('siteinject-dev.jsonl.gz').map(hostOf))
const counts = new Uint32Array(chunkCount)
let values = 0
/** No site may outweigh the others. */
const maxValuesPerHost = 2_000
const valuesByHost = new Map<string, number>()

for (const row of read('blazehttp-dev.jsonl.gz')) {
  const host = hostOf(row)
  if (row.label !== 'benign' || measured.has(host)) continue
  const view = {
    method: row.method,
    target: row.url,
    rawHeaders: row.headers.flat(),
    body: bodyOf(row),
    isBodyCut: false,
    remoteAddress: '127.0.0.1',
    receivedAtMs: 0,
  }
  for (const field of canonicalize(view, readHead(view)).fields) {
    if (field.location === 'header' || field.name === '*') continue
    const seen = valuesByHost.get(host) ?? 0
    if (seen >= maxValuesPerHost) break
    valuesByHost.set(host, seen + 1)
    values += 1
    for (const chunk of new Set(chunksOf(field.value))) counts[chunk] = (counts[chunk] ?? 0) + 1
  }
}

const kept = [...counts].flatMap((count, chunk) => (count === 0 ? [] : [[chunk, count] as const]))
writeFileSync('models/chunk-rarity/model.json', `${JSON.stringify({ version: 1, values, counts: kept })}\n`)
console.log(`${values} values of ${valuesByHost.size} hosts, ${kept.length} of ${chunkCount} chunks seen`)
