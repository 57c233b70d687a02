/**
 * Measures the secondary response: after one confirmed attack, how many held-out variants of it does memory alone
 * recognise, and how often are harmless requests recalled when memory holds hundreds of attacks?
 *
 *   node scripts/measure-memory.ts ../shared/data [--seed 1] [--per-class 40] [--variants 10] [--show]
 *
 * First: what memory says before (nothing), and what the innate layer says of the same variants. Second: memory alone,
 * with and without clones. Added false alarms are recalls of harmless requests that the innate layer lets through.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { configSchema } from '../src/config/schema.ts'
import { createRandom, shuffled } from '../src/core/random.ts'
import { wilsonInterval } from '../src/replay/proportion.ts'
import { falseAlarms, falseAlarmsBySite } from './measure-memory/false-alarms.ts'
import { createJudge, type Judge } from './measure-memory/judge.ts'
import { classFamilies, type Family, templateFamilies, writtenFamilies } from './measure-memory/material.ts'
import { readRows } from './recorded-rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    'per-class': { type: 'string', default: '40' },
    variants: { type: 'string', default: '10' },
    show: { type: 'boolean', default: false },
  },
})
const folder = positionals[0] ?? '../shared/data'
const seed = Number(values.seed)
const size = { perClass: Number(values['per-class']), variants: Number(values.variants) }
const config = configSchema.parse({ mode: 'enforce' })
const judge = createJudge(config, seed)

type Tally = { n: number; born: number; families: number; innate: number; plain: number; cloned: number }
const percent = (hits: number, n: number): string => (n === 0 ? '-' : ((100 * hits) / n).toFixed(1))

function withInterval(hits: number, n: number): string {
  const [low, high] = wilsonInterval(hits, n) ?? [0, 1]
  return `${percent(hits, n)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
}

function measure(families: readonly Family[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const family of families) {
    const plain = judge.afterConfirming([family.seed], { clones: false })
    const cloned = judge.afterConfirming([family.seed], { clones: true })
    for (const name of ['all', family.name]) {
      const tally = tallies.get(name) ?? { n: 0, born: 0, families: 0, innate: 0, plain: 0, cloned: 0 }
      tallies.set(name, tally)
      tally.families += 1
      tally.born += plain.cells() > 0 ? 1 : 0
      tally.n += family.variants.length
      tally.plain += count(family, plain.recalls)
      tally.cloned += count(family, cloned.recalls)
      tally.innate += count(family, judge.innateRefuses)
    }
  }
  return tallies
}

const count = ({ variants }: Family, says: Judge['innateRefuses']): number =>
  variants.filter((variant) => says(judge.requestOf(variant))).length

function report(title: string, families: readonly Family[]): void {
  console.log(`\n${title}`)
  for (const [name, { n, born, families: of, innate, plain, cloned }] of measure(families)) {
    const marks = `cells of ${born}/${of} attacks, first exposure: memory 0 %, innate ${percent(innate, n)} %`
    console.log(
      `  ${name}: n ${n}, ${marks}; second: ${withInterval(plain, n)}, with clones ${withInterval(cloned, n)}`,
    )
  }
}

const random = createRandom(seed)
const written = writtenFamilies(folder, size, random)
report('variants by the independent generator', written)
report('templates of the training grammars', templateFamilies(size, random))
report('harsher: the rest of the same class of the data set', classFamilies(folder, size, random))

/** The same where a node has learned a site before: what self holds can carry no recall. */
function reportOnSites(families: readonly Family[]): void {
  const rows = readRows(join(folder, 'siteinject-dev.jsonl.gz')).filter(({ split }) => split === 'self-train')
  console.log('\nvariants by the independent generator, on a node that has learned up to 200 requests of a site')
  for (const [site = '', list] of Map.groupBy(rows, ({ client }) => client)) {
    const self = list.slice(0, 200).map(judge.read)
    let [n, recalled] = [0, 0]
    for (const family of families) {
      const { recalls } = judge.afterConfirming([family.seed], { clones: false, self })
      n += family.variants.length
      recalled += count(family, recalls)
    }
    console.log(`  ${site}: n ${n}, second: ${withInterval(recalled, n)}`)
  }
}

reportOnSites(written.filter((_, index) => index % 10 === 0))

const seeds = shuffled(written, random).map((family) => family.seed)
for (const clones of [false, true]) {
  const taught = judge.afterConfirming(seeds, { clones })
  console.log(
    `\nfalse alarms after ${seeds.length} confirmed attacks, ${taught.cells()} cells${clones ? ', with clones' : ''}`,
  )
  for (const line of falseAlarms({ folder, judge, taught, isShown: values.show })) console.log(`  ${line}`)
  const bySite = { folder, judge, isShown: values.show }
  console.log(`  ${falseAlarmsBySite(bySite, () => judge.afterConfirming(seeds, { clones }))}`)
}
