import { describe, expect, it } from '@jest/globals'
import { type StressRow, stressRows } from '../../scripts/stress/protocols.ts'
import { stressTable } from '../../scripts/stress/stress-text.ts'
import { configSchema } from '../../src/config/schema.ts'
import { reportOf } from '../../src/replay/evaluate.ts'
import { measure } from '../../src/replay/measure.ts'
import { createScriptedEngine } from '../replay/scripted-engine.ts'
import { createTrafficFolder } from '../replay/traffic-files.ts'

const rows = stressRows({ seed: 3, isQuick: false })
const ofSites = rows.filter(({ set }) => set.name === 'siteinject-dev')

describe('the stress protocols', () => {
  it('cover padding, cold start and poisoning of every kind', () => {
    expect(ofSites.map(({ protocol }) => protocol.padCharacters)).toEqual(expect.arrayContaining([300, 8_192, 131_072]))
    expect(ofSites.map(({ protocol }) => protocol.learnAtMost)).toEqual(expect.arrayContaining([10, 30, 100, 300]))
    const poisons = ofSites.flatMap(({ protocol: { poison } }) => (poison === null ? [] : [poison]))
    for (const [share, sources, kind] of [
      [0.01, 3, 'spread'],
      [0.05, 3, 'spread'],
      [0.1, 3, 'spread'],
      [0.05, 3, 'field'],
      [0.05, 50, 'burst'],
      [0.1, 50, 'spread'],
    ]) {
      expect(poisons).toContainEqual(expect.objectContaining({ share, sources, kind }))
    }
    const { sliceMs } = configSchema.parse({}).adaptive
    expect(poisons.every((poison) => poison.sliceMs === sliceMs)).toBe(true)
  })

  it('compare each row with one that lacks only the stress', () => {
    const controlOf = (row: StressRow) => rows.find(({ set, name }) => set === row.set && name === row.control)
    const compared = rows.filter(({ control }) => control !== null)
    expect(compared.length).toBeGreaterThan(20)
    for (const row of compared) {
      const control = controlOf(row)
      expect(control?.layers).toEqual(row.layers)
      expect(control?.protocol.poison?.share ?? 0).toBe(0)
      expect(control?.protocol.attackShare).toBe(row.protocol.attackShare)
      expect(control?.protocol.padCharacters).toBe(0)
      const isAimed = (protocol?: StressRow['protocol']) => protocol?.poison?.kind === 'field'
      expect(isAimed(control?.protocol)).toBe(isAimed(row.protocol))
      expect((control?.protocol.poison ?? null) === null).toBe(row.protocol.poison === null)
    }
    expect(new Set(rows.map(({ set, name }) => `${set.name} ${name}`)).size).toBe(rows.length)
  })

  it('are fewer and smaller in a hurry', () => {
    const quick = stressRows({ seed: 3, isQuick: true })
    expect(quick.length).toBeLessThan(rows.length)
    expect(quick.every(({ protocol }) => protocol.attackShare <= 0.2 && protocol.padCharacters < 100_000)).toBe(true)
  })

  it('give a table with the difference to the control', async () => {
    const folder = createTrafficFolder()
    const request = (label: string, score: number) => ({
      label,
      method: 'GET',
      url: `/x?adaptive=${score}`,
      headers: [],
    })
    const reportFor = async (score: number) => {
      const file = folder.jsonl(
        ...Array.from({ length: 4 }, () => request('attack', score)),
        request('attack', 0),
        request('benign', 0.5),
      )
      const createEngine = () => createScriptedEngine().engine
      return reportOf(await measure({ file, groupBy: null, layers: ['adaptive'], isPoisoned: false, createEngine }))
    }
    const set = { name: 'some-dev', groupBy: null }
    const base: StressRow = {
      name: 'base',
      set,
      layers: ['adaptive'],
      protocol: stressRows({ seed: 1, isQuick: false })[0]?.protocol ?? never(),
      control: null,
    }
    const table = stressTable([
      { row: base, report: await reportFor(0.9) },
      { row: { ...base, name: 'worse', control: 'base' }, report: await reportFor(0.4) },
    ])
    folder.remove()
    expect(table.split('\n')).toHaveLength(4)
    expect(table).toContain('| some-dev | base | 5/1 | 80.00 (37.55-96.38) | - |')
    expect(table).toContain('| some-dev | worse | 5/1 | 0.00 (0.00-43.45) | -80.00 |')
  })
})

function never(): never {
  throw new Error('there are no protocols')
}
