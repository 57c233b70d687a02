/**
 * Measures the frozen scorer alone, without any rule: a request scores what its worst value scores, headers left out.
 *
 *   node scripts/measure-scorer.ts ../shared/data                     every development set
 *   node scripts/measure-scorer.ts ../shared/data --padding 300       with harmless text before each payload
 *   node scripts/measure-scorer.ts ../shared/data --show blazehttp    the harmless requests that score highest
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadScorerModel } from '../src/antigen/load-scorer.ts'
import { createFrozenScorer } from '../src/antigen/scorer.ts'
import { createMeter, type Measurement, measureSet, padded } from './training/measure.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { padding: { type: 'string', default: '0' }, show: { type: 'string' }, model: { type: 'string' } },
})
const folder = positionals[0] ?? '../shared/data'
const model = values.model === undefined ? undefined : new URL(`${values.model}/`, `file://${process.cwd()}/`)
const scorer = createFrozenScorer(loadScorerModel(model))
const meter = createMeter(scorer.score)
const padding = Number(values.padding)
const percent = (count: number, of: number): string => (of === 0 ? '-' : `${((100 * count) / of).toFixed(2)} %`)

const names = ['siteinject-dev', 'blazehttp-dev', 'text-benign-dev', 'wcp-malicious-dev', 'httpparams-dev', 'gotestwaf']
const results = new Map<string, readonly Measurement[]>()
for (const name of names)
  results.set(
    name,
    measureSet(join(folder, `${name}.jsonl.gz`), meter, (row) => padded(row, padding)),
  )

for (const [name, all] of results) {
  const benign = all.filter(({ label, split }) => label === 'benign' && split !== 'self-train' && split !== 'train')
  const attack = all.filter(({ label }) => label === 'attack')
  const sorted = benign.map(({ logOdds }) => logOdds).sort((a, b) => b - a)
  console.log(`\n${name}: ${benign.length} benign, ${attack.length} attacks`)
  if (attack.length > 0 && benign.length > 0) {
    for (const rate of [0.001, 0.01]) {
      const limit = sorted[Math.floor(rate * sorted.length)] ?? 0
      const above = attack.filter(({ logOdds }) => logOdds > limit).length
      console.log(`  TPR at FPR ${rate * 100} %: ${percent(above, attack.length)} (log-odds ${limit.toFixed(2)})`)
    }
  }
  for (const limit of [3, 4, 5, 6, 7, 8]) {
    const hits = (list: readonly Measurement[]): string =>
      percent(list.filter(({ logOdds }) => logOdds > limit).length, list.length)
    const classes = Map.groupBy(all, ({ label, category, split }) => `${label} ${category ?? split}`)
    const parts = classes.size < 14 ? [...classes].map(([part, list]) => `${part} ${hits(list)}`).join(', ') : ''
    console.log(`  above ${limit}: attacks ${hits(attack)}, benign ${hits(benign)}; ${parts}`)
  }
}

if (values.show !== undefined) {
  const shown = [...results].filter(([name]) => name.startsWith(values.show ?? '')).flatMap(([, all]) => all)
  for (const row of shown
    .filter(({ label }) => label === 'benign')
    .sort((a, b) => b.logOdds - a.logOdds)
    .slice(0, 60)) {
    console.log(row.logOdds.toFixed(2), row.id, row.field, JSON.stringify(row.value.slice(0, 200)))
  }
}
