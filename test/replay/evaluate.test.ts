import { afterAll, describe, expect, it } from '@jest/globals'
import { layers } from '../../src/core/finding.ts'
import { evaluate } from '../../src/replay/evaluate.ts'
import type { EvaluationOptions } from '../../src/replay/measure.ts'
import { plainProtocol } from '../../src/replay/protocol.ts'
import { createScriptedEngine, type Log } from './scripted-engine.ts'
import { createTrafficFolder } from './traffic-files.ts'

const folder = createTrafficFolder()
afterAll(folder.remove)

let ids = 0
function record(label: string, query: string, more: Record<string, unknown> = {}) {
  ids += 1
  return { id: `r${ids}`, label, method: 'GET', url: `/x?${query}`, headers: [], ...more }
}
const many = (count: number, make: (index: number) => unknown) =>
  Array.from({ length: count }, (_item, index) => make(index))

async function run(records: readonly unknown[], options: Partial<EvaluationOptions> = {}) {
  const logs = new Map<string, Log>()
  const report = await evaluate({
    file: folder.jsonl(...records),
    groupBy: null,
    layers: ['innate', 'memory', 'adaptive'],
    isPoisoned: false,
    createEngine: (group) => {
      const { engine, log } = createScriptedEngine()
      logs.set(group, log)
      return engine
    },
    ...options,
  })
  return { report, logs }
}

describe('evaluate', () => {
  it('teaches with the training splits and scores the rest in file order', async () => {
    const { report, logs } = await run([
      record('benign', 'a=1', { split: 'self-train' }),
      record('attack', 'innate=0.9'),
      record('benign', 'a=2', { split: 'train' }),
      record('benign', 'a=3', { split: 'learn' }),
      record('benign', 'a=4', { split: 'test' }),
    ])
    const log = logs.get('all')
    expect(log?.taught).toEqual(['/x?a=1', '/x?a=2', '/x?a=3'])
    expect(log?.seen.map((view) => view.target)).toEqual(['/x?innate=0.9', '/x?a=4'])
    expect(log?.acts).toEqual(['finish after 3', 'close'])
    expect(log?.settled).toEqual([403, 200])
    expect(report).toMatchObject({ records: 5, taught: 3, scored: 2, groups: 1 })
  })

  it('counts what enforce mode would do, with intervals', async () => {
    const { report } = await run([
      ...many(8, () => record('attack', 'innate=0.9', { category: 'sqli' })),
      ...many(2, () => record('attack', 'innate=0.1', { category: 'xss' })),
      ...many(99, () => record('benign', 'adaptive=0.2')),
      record('benign', 'adaptive=0.85'),
      record('unknown', 'innate=1'),
    ])
    expect(report.asDeployed).toMatchObject({
      tp: 8,
      fn: 2,
      fp: 1,
      tn: 99,
      tpr: 0.8,
      fpr: 0.01,
      balancedAccuracy: 0.895,
    })
    expect(report.asDeployed.tprCi?.[0]).toBeCloseTo(0.4902, 3)
    expect(report.falseAlarmsPer10000).toBe(100)
    expect(report.tprAtFpr).toEqual({ '0.0001': 0.8, '0.001': 0.8, '0.005': 0.8, '0.01': 0.8 })
    expect(report.byCategory).toMatchObject({ sqli: { n: 8, tpr: 1, tprAt001: 1 }, xss: { n: 2, tpr: 0, tprAt001: 0 } })
    expect(report.classAverage).toEqual({ tpr: 0.5, tprAt001: 0.5, tprAt0001: 0.5 })
    expect(report.benignByCategory).toMatchObject({ uncategorised: { n: 100, fp: 1, fpr: 0.01 } })
    expect(report.scored).toBe(111)
  })

  it('judges every layer alone, innate and adaptive together, and the controls', async () => {
    const { report } = await run([
      record('attack', 'innate=0.9&adaptive=0.3&q=%27'),
      record('attack', 'innate=0.2&adaptive=0.9'),
      record('attack', 'memory=0.95'),
      record('benign', 'adaptive=0.4'),
    ])
    const tpr = (name: string) => report.layers[name]?.asDeployed.tpr
    expect(Object.keys(report.layers)).toEqual(['innate', 'memory', 'adaptive', 'both'])
    expect([tpr('innate'), tpr('memory'), tpr('adaptive'), tpr('both')]).toEqual([1 / 3, 1 / 3, 1 / 3, 2 / 3])
    expect(report.asDeployed.tpr).toBe(1)
    expect(report.controls['pattern']?.asDeployed).toMatchObject({ tp: 1, fp: 0 })
    expect(Object.keys(report.controls)).toEqual(['pattern', 'whitelist'])
  })

  it('gives each group an engine of its own, and its figures at the common threshold', async () => {
    const site = (client: string, score: number) => [
      record('benign', 'a=1', { client, split: 'train' }),
      ...many(50, () => record('benign', 'adaptive=0.1', { client })),
      ...many(4, (index) => record('attack', `adaptive=${index === 0 ? 0 : score}`, { client })),
    ]
    const { report, logs } = await run([...site('a', 0.9), ...site('b', 0.05), ...site('c', 0.7)], {
      groupBy: 'client',
    })
    expect([...logs.keys()]).toEqual(['a', 'b', 'c'])
    expect(report.groups).toBe(3)
    expect(report.byGroup).toMatchObject({
      median: 0.75,
      worst: { id: 'b', tprAt001: 0, fpr: 0 },
      medianFpr: 0,
      tprAt0001: { median: 0.75, worst: { id: 'b', n: 4, rate: 0 } },
      tprAt001: { median: 0.75, worst: { id: 'b', n: 4, rate: 0 } },
      deployedTpr: { median: 0, worst: { id: 'b', rate: 0 } },
      deployedFpr: { median: 0, worst: { n: 50, rate: 0 } },
    })
    expect(report.byGroup.deployedFpr.worst?.ci?.[1]).toBeCloseTo(0.0714, 3)
  })

  it('groups by host and by source, and keeps what has neither together', async () => {
    const hosts = [
      record('benign', 'a=1', { headers: [['Host', 'h1']], source: 's' }),
      record('benign', 'a=2', { source: 's' }),
    ]
    expect([...(await run(hosts, { groupBy: 'host' })).logs.keys()]).toEqual(['h1', 'without host'])
    expect([...(await run(hosts, { groupBy: 'source' })).logs.keys()]).toEqual(['s'])
    expect([...(await run(hosts, { groupBy: 'client' })).logs.keys()]).toEqual(['without client'])
  })

  it('refuses attacks among what teaches unless they are expected', async () => {
    const poisoned = [record('benign', 'a=1', { split: 'train' }), record('attack', 'a=2', { split: 'train' })]
    for (const groupBy of [null, 'client'] as const) {
      await expect(run(poisoned, { groupBy })).rejects.toThrow(
        'line 2: "label" is "attack" in the split "train" that teaches',
      )
    }
    expect((await run(poisoned, { isPoisoned: true })).report.taught).toBe(2)
  })

  it('keeps records strangers to each other unless clients are followed', async () => {
    const records = many(3, () => record('benign', 'a=1', { client: '192.0.2.1', ts: 7 }))
    const alone = (await run(records)).logs.get('all')?.seen ?? []
    expect(new Set(alone.map((view) => view.remoteAddress)).size).toBe(3)
    const followed = (await run(records, { layers })).logs.get('all')?.seen ?? []
    expect(followed.map((view) => [view.remoteAddress, view.receivedAtMs])).toEqual(many(3, () => ['192.0.2.1', 7_000]))
  })

  it('lists the first twenty false alarms with field and reason', async () => {
    const { report } = await run(many(25, () => record('benign', 'innate=0.85&adaptive=0.9')))
    expect(report.falsePositives).toHaveLength(20)
    expect(report.falsePositives[0]).toMatchObject({
      field: 's GET /x query:adaptive',
      reason: 'adaptive:adaptive-1 Saw 0.9.',
    })
    expect(report.asDeployed.fp).toBe(25)
  })

  it('counts what is no request instead of scoring it, once', async () => {
    const broken = { id: 'x', label: 'attack', raw_b64: Buffer.from('nonsense').toString('base64') }
    const { report } = await run([broken, { ...broken, split: 'train', label: 'benign' }, record('benign', 'a=1')])
    expect(report).toMatchObject({ records: 1, scored: 1, taught: 0 })
    expect(report.skipped).toMatchObject({ count: 2, reasons: [{ count: 2 }] })
  })

  it('has no figure where there is nothing to count', async () => {
    const { report } = await run([record('benign', 'a=1')])
    expect(report.auc).toBeNull()
    expect(report.asDeployed).toMatchObject({ tpr: null, fpr: 0, balancedAccuracy: null })
    expect(report.byGroup).toMatchObject({
      median: null,
      worst: null,
      medianFpr: 0,
      tprAt001: { median: null, worst: null },
    })
    const empty = (await run([])).report
    expect(empty).toMatchObject({ records: 0, usPerRequest: null, falseAlarmsPer10000: null })
    expect(JSON.stringify(empty)).not.toContain('NaN')
  })

  it('has every member that the design names', async () => {
    const { report } = await run([record('benign', 'a=1'), record('attack', 'innate=1', { category: '__proto__' })])
    const named = [
      'records',
      'groups',
      'seconds',
      'usPerRequest',
      'asDeployed',
      'auc',
      'tprAtFpr',
      'byCategory',
      'byGroup',
      'layers',
      'falsePositives',
      'controls',
    ]
    for (const name of named) expect(report).toHaveProperty(name)
    expect(Object.keys(report.tprAtFpr)).toEqual(['0.0001', '0.001', '0.005', '0.01'])
    expect(JSON.parse(JSON.stringify(report.byCategory))).toHaveProperty(['__proto__', 'n'], 1)
  })

  it('closes the engine also when a record is bad', async () => {
    const { engine, log } = createScriptedEngine()
    const file = folder.jsonl(record('benign', 'a=1'), { id: 1 })
    const options = { file, groupBy: null, layers, isPoisoned: false, createEngine: () => engine } as const
    await expect(evaluate(options)).rejects.toThrow('line 2')
    expect(log.acts.at(-1)).toBe('close')
  })

  it('pads the payloads that it finds and counts those that it does not', async () => {
    const { report, logs } = await run(
      [
        record('attack', 'adaptive=0.9&q=x%27', { payload: "x'" }),
        record('attack', 'adaptive=0.9', { payload: 'elsewhere' }),
        record('benign', "q=x'", { payload: "x'" }),
      ],
      { protocol: { ...plainProtocol, padCharacters: 500 } },
    )
    const lengths = logs.get('all')?.seen.map(({ target }) => new URLSearchParams(target.slice(3)).get('q')?.length)
    expect(lengths).toEqual([502, undefined, 2])
    expect(report.protocol.padding).toEqual({ characters: 500, padded: 1, unpadded: 1 })
  })

  it('teaches no more requests per group than a cold start allows', async () => {
    const site = (client: string) => many(20, (index) => record('benign', `a=${index}`, { client, split: 'train' }))
    for (const groupBy of [null, 'client'] as const) {
      const protocol = { ...plainProtocol, learnAtMost: 5 }
      const { report, logs } = await run([...site('a'), ...site('b')], { groupBy, protocol })
      const taught = [...logs.values()].map((log) => log.taught)
      expect(taught.map((targets) => targets.length)).toEqual(groupBy === null ? [5] : [5, 5])
      expect(report).toMatchObject({ taught: groupBy === null ? 5 : 10, protocol: { learnAtMost: 5 } })
    }
  })

  it('scores the share of the attacks that was asked for, and all benign requests', async () => {
    const records = [...many(400, () => record('attack', 'adaptive=1')), ...many(50, () => record('benign', 'a=1'))]
    const { report } = await run(records, { protocol: { ...plainProtocol, attackShare: 0.25 } })
    expect(report.asDeployed.tn).toBe(50)
    expect(report.asDeployed.tp).toBeGreaterThan(60)
    expect(report.asDeployed.tp).toBeLessThan(140)
  })

  it('sends poison while learning, scores only the other half and asks about the half that was sent', async () => {
    const poison = { share: 0.1, sources: 3, kind: 'spread', sliceMs: 1_000 } as const
    const records = [
      ...many(10, (index) => record('benign', `a=${index}`, { split: 'train' })),
      ...many(20, (index) => record('attack', `adaptive=${index < 15 ? 0.9 : 0.1}`)),
      ...many(10, () => record('benign', 'adaptive=0.5')),
    ]
    const { report, logs } = await run(records, { protocol: { ...plainProtocol, poison } })
    expect(report).toMatchObject({ taught: 10, scored: 20, asDeployed: { fp: 0, tn: 10 } })
    expect(report.asDeployed.tp + report.asDeployed.fn).toBe(10)
    expect(report.protocol.poison).toMatchObject({ share: 0.1, benign: { n: 3_000 }, poison: { n: 333 } })
    expect(report.protocol.poison?.setApart.deployed).toMatchObject({ n: 10, hits: 15 - report.asDeployed.tp })
    expect(report.protocol.poison?.setApart.at001.hits).toBe(15 - report.asDeployed.tp)
    const log = logs.get('all')
    expect(log?.taught).toEqual([])
    expect(log?.seen).toHaveLength(3_000 + 333 + 20 + 10)
    expect(log?.seen.every((view, index) => view.receivedAtMs >= (log.seen[index - 1]?.receivedAtMs ?? 0))).toBe(true)
    expect(log?.settled.filter((status) => status === 403).length).toBeGreaterThan(200)
  })
})
