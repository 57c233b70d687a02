/**
 * Trains models/chunk-rarity: in how many ordinary values each character-class chunk occurs. Usage:
 *
 *   node scripts/train-rarity.ts ../shared/data
 *
 * Material: the benign requests of blazehttp-dev without the hosts of siteinject-dev, so that the sites which the
 * adaptive layer is measured on have no part in its prior. Only counts of class chunks are kept, no text.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chunkCount, chunksOf } from '../src/antigen/chunks.ts'
import { createRowReader, type Row, readRows } from './recorded-rows.ts'

const folder = process.argv[2] ?? '../shared/data'
const hostOf = (row: Row): string => row.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''

const read = createRowReader()
const measured = new Set(readRows(join(folder, 'siteinject-dev.jsonl.gz')).map(hostOf))
const counts = new Uint32Array(chunkCount)
let values = 0
/** No site may outweigh the others. */
const maxValuesPerHost = 2_000
const valuesByHost = new Map<string, number>()

for (const row of readRows(join(folder, 'blazehttp-dev.jsonl.gz'))) {
  const host = hostOf(row)
  if (row.label !== 'benign' || measured.has(host)) continue
  for (const field of read(row).fields) {
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
