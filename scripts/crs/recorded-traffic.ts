// Requests sampled from recorded traffic, where there is any beside the project.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../src/core/random.ts'
import { readTraffic } from '../../src/replay/read-traffic.ts'
import { toRequestView } from '../../src/replay/record-view.ts'
import type { RequestView } from '../../src/request/request-view.ts'
import { bytesOf, type MadeRequest } from './random-traffic.ts'

const files = ['siteinject-dev', 'blazehttp-dev', 'gotestwaf']

/** As many requests of each file; none where the folder does not have them. */
export async function sampleRecorded(folder: string, perFile: number, random: Random): Promise<MadeRequest[]> {
  const sampled: MadeRequest[] = []
  for (const file of files) {
    const path = join(folder, `${file}.jsonl.gz`)
    if (existsSync(path)) sampled.push(...(await sampleFile(path, { name: file, count: perFile, random })))
  }
  return sampled
}

type SampleOptions = { readonly name: string; readonly count: number; readonly random: Random }

/** Reservoir sampling (Vitter 1985, algorithm R). */
async function sampleFile(path: string, { name, count, random }: SampleOptions): Promise<MadeRequest[]> {
  const kept: MadeRequest[] = []
  let seen = 0
  for await (const record of readTraffic(path)) {
    const result = toRequestView(record.request, { remoteAddress: '127.0.0.1', receivedAtMs: 0 })
    if (result.kind !== 'view' || !canBeSent(result.view)) continue
    seen += 1
    const slot = seen <= count ? kept.length : Math.floor(random() * seen)
    if (slot < count) kept[slot] = { name: `${name} ${record.id}`, bytes: bytesOfView(result.view) }
  }
  return kept
}

/** Requests that every server reads alike; the rest is refused before rules run, here or there. */
function canBeSent(view: RequestView): boolean {
  const names = view.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  if (names.some((name) => name === 'transfer-encoding' || name === 'upgrade' || name === 'expect')) return false
  return view.target.startsWith('/') && !/[^!-~]/.test(view.target) && (view.body?.length ?? 0) < 100_000
}

function bytesOfView({ method, target, rawHeaders, body }: RequestView): Buffer {
  const headers: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (/^content-length$/i.test(name)) continue
    headers.push([name, rawHeaders[index + 1] ?? ''])
  }
  return bytesOf({ method, target, headers, body: body === null ? null : Buffer.from(body) })
}
