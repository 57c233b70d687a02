import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inOrder } from '../../src/replay/in-order.ts'
import { learnFrom } from '../../src/replay/learn-from.ts'
import { replay } from '../../src/replay/replay.ts'
import type { TrafficRecord } from '../../src/replay/traffic-record.ts'
import { createScriptedEngine } from './scripted-engine.ts'
import { collect, createTrafficFolder } from './traffic-files.ts'

const folder = createTrafficFolder()
afterAll(folder.remove)

const record = (client: string, ts: number | null, query: string, more: Record<string, unknown> = {}) => ({
  id: `${client}-${ts}`,
  label: 'unknown',
  method: 'GET',
  url: `/x?${query}`,
  headers: [],
  client,
  ts,
  ...more,
})

describe('replay', () => {
  it('runs records by their time, from their clients, and says who was refused when', async () => {
    const { engine, log } = createScriptedEngine()
    const file = folder.jsonl(
      record('192.0.2.1', 10, 'innate=0.1', { status: 404 }),
      record('192.0.2.2', 30, 'innate=0.9'),
      record('192.0.2.2', 20, 'innate=0.1'),
      record('192.0.2.2', 40, 'innate=0.9&because=held'),
    )
    const report = await replay({ file, engine })
    expect(log.seen.map((view) => view.receivedAtMs)).toEqual([10_000, 20_000, 30_000, 40_000])
    expect(log.settled).toEqual([404, 200, 403, 403])
    expect(log.acts).toEqual(['learn after 4'])
    expect(report).toMatchObject({
      records: 4,
      clients: 2,
      verdicts: { allow: 2, slow: 0, deny: 2, would: 0 },
      refusals: { attack: 1, held: 1 },
      held: ['192.0.2.2'],
      firstRefusals: [
        {
          clientId: '192.0.2.2',
          recordId: '192.0.2.2-30',
          request: 2,
          atMs: 30_000,
          reason: 'attack: innate:innate-1 Saw 0.9.',
        },
      ],
    })
  })

  it('counts what monitor mode only says', async () => {
    const { engine } = createScriptedEngine({ isMonitor: true })
    const report = await replay({
      file: folder.jsonl(record('a', 1, 'innate=0.9'), record('a', 2, 'innate=0')),
      engine,
    })
    expect(report.verdicts).toEqual({ allow: 2, slow: 0, deny: 0, would: 1 })
    expect(report.firstRefusals).toHaveLength(1)
  })

  it('counts what is no request', async () => {
    const { engine } = createScriptedEngine()
    const report = await replay({ file: folder.jsonl({ raw_b64: 'eA==' }), engine })
    expect(report).toMatchObject({
      records: 0,
      skipped: { count: 1, reasons: [{ reason: 'it does not start with an HTTP request line' }] },
    })
  })
})

describe('learnFrom', () => {
  it('teaches a vetted file as it is', async () => {
    const { engine, log } = createScriptedEngine()
    const report = await learnFrom({
      file: folder.jsonl(record('a', 2, 'b=2'), record('a', 1, 'b=1')),
      engine,
      isVetted: true,
    })
    expect(log.taught).toEqual(['/x?b=1', '/x?b=2'])
    expect(log.acts).toEqual(['finish after 2'])
    expect(report).toMatchObject({ records: 2, refused: 0 })
  })

  it('refuses a vetted file that holds an attack', async () => {
    const { engine } = createScriptedEngine()
    const file = folder.jsonl(record('a', 1, 'b=1'), record('a', 2, 'b=2', { label: 'attack' }))
    await expect(learnFrom({ file, engine, isVetted: true })).rejects.toThrow(
      'line 2: "label" is "attack", expected none in vetted traffic',
    )
  })

  it('runs an unvetted file through the usual rules', async () => {
    const { engine, log } = createScriptedEngine()
    const records = Array.from({ length: 70 }, (_item, index) => record('a', index, index === 5 ? 'innate=1' : 'b=1'))
    const report = await learnFrom({ file: folder.jsonl(...records), engine, isVetted: false })
    expect(log.taught).toEqual([])
    expect(log.acts).toEqual(['learn after 64', 'learn after 70'])
    expect(log.settled.filter((status) => status === 403)).toHaveLength(1)
    expect(report).toMatchObject({ records: 70, refused: 1 })
  })
})

describe('inOrder', () => {
  const from = async function* (times: readonly (number | null)[]) {
    for (const [index, tsMs] of times.entries()) yield { id: String(index), tsMs } as TrafficRecord
  }

  it('sorts by time as far as its window reaches, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.nat(20)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        async (times, size) => {
          const sorted = await collect(inOrder(from(times), size))
          expect(sorted.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual(
            times.map((_time, index) => index),
          )
          if (size >= times.length) {
            const known = sorted.flatMap(({ tsMs }) => (tsMs === null ? [] : [tsMs]))
            expect(known).toEqual(known.toSorted((a, b) => a - b))
          }
        },
      ),
    )
  })

  it('keeps the order of equal times', async () => {
    const sorted = await collect(inOrder(from([5, 5, null, 5])))
    expect(sorted.map(({ id }) => id)).toEqual(['0', '1', '2', '3'])
  })
})
