import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import { configSchema } from '../../../src/config/schema.ts'
import { offlineEngine } from '../../../src/offline.ts'
import { learnFrom } from '../../../src/replay/learn-from.ts'
import { detectFormat, readTraffic } from '../../../src/replay/read-traffic.ts'
import { toRequestView } from '../../../src/replay/record-view.ts'
import type { RequestView } from '../../../src/request/request-view.ts'
import { createFolders } from '../../storage/folders.ts'
import { shop } from './shop.ts'

const folders = createFolders()
const folder = folders.make()
afterAll(folders.removeAll)
const arrival = { remoteAddress: '10.0.0.1', receivedAtMs: 1_790_000_000_000 }

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('learning from an OpenAPI document', () => {
  it('knows what the document shows, and still sees an attack in a documented parameter', async () => {
    const file = write('shop.yaml', shop)
    const { engine, parts } = offlineEngine({
      config: configSchema.parse({}),
      layers: ['innate', 'adaptive'],
      without: [],
      seed: 1,
    })
    const report = await learnFrom({ file, engine, isVetted: true })
    expect(report).toMatchObject({ refused: 0, skipped: { count: 4 } })
    expect(report.derived).toBeGreaterThan(3)
    expect(report.skipped.reasons[0]?.first).toMatch(/^shop\.yaml at #\/paths\//)
    const names = parts.adaptive.profiles(1_000).map(({ field }) => field.name)
    expect(names).toEqual(expect.arrayContaining(['page', 'sort', 'tags', 'since']))
    const views: RequestView[] = []
    for await (const record of readTraffic(file)) {
      const result = toRequestView(record.request, arrival)
      if (result.kind === 'view') views.push(result.view)
    }
    for (const view of views) expect(engine.inspect(view).verdict.findings).toEqual([])
    expect(views.length).toBe(report.records)
    const [known] = views
    const target = (known?.target ?? '').replace(
      'sort=price',
      `sort=${encodeURIComponent("price' union select password from users--")}`,
    )
    const { findings } = engine.inspect({ ...(known as RequestView), target }).verdict
    expect(findings.map(({ field }) => field?.name)).toContain('sort')
    await engine.close()
  })

  it.each([
    ['YAML', shop],
    ['gzip', gzipSync(shop)],
    ['JSON over many lines', JSON.stringify({ info: {}, openapi: '3.1.0', paths: {} }, null, 2)],
    ['JSON on one line', JSON.stringify({ info: { title: 'x' }, openapi: '3.1.0', paths: {} })],
    ['a version that is not read, so that the error names it', 'swagger: "2.0"\n'],
  ])('is told from its content: %s', async (_, content) => {
    expect(await detectFormat(write('document', content))).toBe('openapi')
  })
})
