import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type Delta,
  deltasOf,
  groupsOf,
  judgeOf,
  measures,
  measuresOf,
  resample,
  summarize,
} from '../../scripts/ablation/paired-bootstrap.ts'
import { type AblationRow, ablationCommand, reportText, verdictOf } from '../../scripts/ablation/report-text.ts'
import { measuredOf, offByDefault, unmeasured } from '../../scripts/ablation/unmeasured.ts'
import { components } from '../../src/ablation.ts'
import { createRandom } from '../../src/core/random.ts'
import { figuresOf, type ScoredCase } from '../../src/replay/figures.ts'

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const committed = root('docs/ABLATION.md')

const cases: readonly ScoredCase[] = Array.from({ length: 600 }, (_x, index) => ({
  label: index % 2 === 0 ? 'benign' : 'attack',
  category: null,
  group: `site ${index % 5}`,
}))
/** Attacks score `gap` above benign requests, whose scores spread over 0 to 1; from 1 on they are refused. */
function track(gap: number) {
  const random = createRandom(9)
  const scores = cases.map(({ label }) => random() + (label === 'attack' ? gap : 0))
  return { scores, refused: scores.map((score) => score >= 1) }
}

describe('the paired bootstrap', () => {
  it('reads off the same figures as an evaluation when every case counts once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9 })), { minLength: 2 }), (drawn) => {
        const some = drawn.map(
          ([isAttack]): ScoredCase => ({ label: isAttack ? 'attack' : 'benign', category: null, group: 'g' }),
        )
        const scored = { scores: drawn.map(([, score]) => score / 10), refused: drawn.map(([, score]) => score > 7) }
        const { tprAtFpr, asDeployed } = figuresOf(some, scored)
        const expected = [tprAtFpr['0.001'], tprAtFpr['0.01'], asDeployed.tpr, asDeployed.fpr].map(
          (rate) => rate ?? Number.NaN,
        )
        expect(measuresOf(judgeOf(some, scored), new Uint32Array(some.length).fill(1))).toEqual(expected)
      }),
    )
  })

  it('counts a case as often as it was drawn', () => {
    const some: readonly ScoredCase[] = ['benign', 'attack', 'attack'].map(
      (label) => ({ label, category: null, group: 'g' }) as ScoredCase,
    )
    const judge = judgeOf(some, { scores: [0.5, 0.9, 0.1], refused: [false, true, false] })
    expect(measuresOf(judge, Uint32Array.of(2, 3, 1))).toEqual([0.75, 0.75, 0.75, 0])
    expect(measuresOf(judge, Uint32Array.of(0, 1, 1))[0]).toBeNaN()
  })

  it('draws whole groups and as many requests as they have', () => {
    const groups = groupsOf(cases)
    expect(groups.map((group) => group.length)).toEqual([120, 120, 120, 120, 120])
    let missing = 0
    for (let seed = 0; seed < 20; seed += 1) {
      const weights = resample(groups, cases.length, createRandom(seed))
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(600)
      missing += groups.filter((group) => group.every((index) => weights[index] === 0)).length
    }
    expect(missing).toBeGreaterThan(0)
  })

  it('finds no difference between a run and itself, and one that is there with its sign', () => {
    const deltaOf = (full: number, without: number, seed: number) =>
      deltasOf({ cases, full: track(full), without: track(without) }, { resamples: 100, random: createRandom(seed) })
    const same = [deltaOf(0.4, 0.4, 1), deltaOf(0.4, 0.4, 2)]
    for (const name of measures) expect(summarize(same, name)).toEqual({ point: 0, low: 0, high: 0 })
    const better = [deltaOf(0.8, 0.2, 1), deltaOf(0.8, 0.2, 2)]
    const rise = summarize(better, 'deployedTpr')
    expect(rise?.point).toBeGreaterThan(0.5)
    expect(rise?.low).toBeGreaterThan(0.4)
    expect(rise?.low).toBeLessThan(rise?.point ?? 0)
    expect(rise?.high).toBeGreaterThan(rise?.point ?? 1)
    expect(summarize(better, 'deployedFpr')).toEqual({ point: 0, low: 0, high: 0 })
    expect(deltaOf(0.8, 0.2, 3)).toEqual(deltaOf(0.8, 0.2, 3))
  })
})

function row(component: string, deltas: Partial<Record<string, Delta>>): AblationRow {
  const all = { tprAt0001: null, tprAt001: null, deployedTpr: null, deployedFpr: null, ...deltas }
  return { component, set: 'some-dev', judge: 'all layers', deltas: all as AblationRow['deltas'] }
}
const delta = (low: number, high: number): Delta => ({ point: (low + high) / 2, low, high })

describe('the verdict on a component', () => {
  it('is read off the intervals', () => {
    const verdict = (...deltas: readonly Partial<Record<string, Delta>>[]) =>
      verdictOf(deltas.map((each) => row('x', each)))
    expect(verdict({ tprAt0001: delta(0.01, 0.02) })).toBe('adds')
    expect(verdict({ tprAt001: delta(-0.01, 0.02) }, { deployedTpr: delta(0, 0) })).toBe('adds nothing')
    expect(verdict({ deployedTpr: delta(-0.02, -0.01) })).toBe('hurts')
    expect(verdict({ deployedFpr: delta(-0.02, -0.01) })).toBe('adds')
    expect(verdict({ deployedFpr: delta(0.01, 0.02) }, { tprAt001: delta(-0.1, 0.1) })).toBe('hurts')
    expect(verdict({ deployedFpr: delta(0.01, 0.02) }, { tprAt001: delta(0.1, 0.2) })).toBe('adds and hurts')
    expect(verdict()).toBe('adds nothing')
  })
})

describe('the ablation report', () => {
  const measured = measuredOf(components)
  const text = reportText({
    components,
    rows: measured.map((name) => row(name, { tprAt0001: delta(0.01, 0.02) })),
    full: [{ set: 'some-dev', judge: 'all layers', cells: ['1', '2', '3', '4'] }],
    seeds: [4, 5],
    resamples: 10,
    seconds: 3,
  })

  it('has rows for every component, or says why it does not measure it', () => {
    for (const name of components) {
      const rows = text.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`))
      expect(rows).toHaveLength(measured.includes(name) ? 2 : 1)
      const reason = unmeasured[name]
      expect(rows[0]).toContain(reason === undefined ? `| adds | ${offByDefault.has(name) ? 'no' : 'yes'} |` : reason)
    }
    expect(measured.length).toBeGreaterThan(0)
  })

  it('says its command and its seeds', () => {
    expect(text).toContain(`\`${ablationCommand}\``)
    expect(text).toContain('seeds 4, 5')
    expect(text).toContain('+1.50 (+1.00 to +2.00)')
    const script = /^node (\S+)/.exec(ablationCommand)?.[1] ?? ''
    expect(existsSync(root(script))).toBe(true)
  })

  const title = 'stands in the repository with every component that the engine has'
  const check = existsSync(committed) ? it : it.skip
  check(`${title} (run ${ablationCommand} with the recorded traffic where it is missing)`, () => {
    const report = readFileSync(committed, 'utf8')
    expect(report).toContain(`\`${ablationCommand}\``)
    for (const name of components) {
      const verdict = report.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? `no row for ${name}`
      expect(verdict).toMatch(/\| (?:adds|adds nothing|hurts|adds and hurts|not measured here: .*) \| (?:yes|no) \|$/)
    }
  })
})
