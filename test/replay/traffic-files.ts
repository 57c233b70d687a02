import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ReadOptions, readTraffic } from '../../src/replay/read-traffic.ts'
import type { TrafficRecord } from '../../src/replay/traffic-record.ts'

/** A folder of traffic files that goes away with the test. */
export function createTrafficFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-traffic-'))
  let count = 0
  const write = (content: string | Uint8Array, name = 'traffic.jsonl'): string => {
    count += 1
    const file = join(folder, `${count}-${name}`)
    writeFileSync(file, content)
    return file
  }
  return {
    write,
    gzipped: (content: string | Uint8Array) => write(gzipSync(content), 'traffic.jsonl.gz'),
    jsonl: (...records: readonly unknown[]) => write(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export async function readAll(file: string, options: ReadOptions = {}): Promise<readonly TrafficRecord[]> {
  return collect(readTraffic(file, options))
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
