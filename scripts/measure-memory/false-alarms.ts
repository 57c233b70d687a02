import { join } from 'node:path'
import { wilsonInterval } from '../../src/replay/proportion.ts'
import { type Row, readRows } from '../recorded-rows.ts'
import type { Judge, Taught } from './judge.ts'

type Options = {
  readonly folder: string
  readonly judge: Judge
  readonly taught: Taught
  readonly isShown: boolean
}
type Count = { n: number; recalled: number; added: number; distinct: Set<string> }

const sets = ['blazehttp-dev', 'text-benign-dev', 'httpparams-dev', 'csic2010-dev', 'siteinject-dev'] as const
const teaching: ReadonlySet<string | undefined> = new Set(['train', 'self-train'])

/**
 * Recalls of harmless requests. `cold`: nothing was learned, all requests. `learned`: the splits that are there to be
 * learned were shown to self first, and the rest is judged; sets without such a split stay as they are.
 */
export function falseAlarms(options: Options): readonly string[] {
  const cold = sets.flatMap((set) => counted(options, set, () => true))
  for (const set of sets) {
    for (const row of benignOf(options.folder, set)) {
      if (teaching.has(row.split)) options.taught.learn(options.judge.read(row))
    }
  }
  const learned = sets.flatMap((set) => counted(options, set, ({ split }) => !teaching.has(split)))
  return [...lines('cold', cold), ...lines('learned', learned)]
}

const benignOf = (folder: string, set: string): Row[] =>
  readRows<Row>(join(folder, `${set}.jsonl.gz`)).filter(({ label }) => label === 'benign')

function counted(
  { folder, judge, taught, isShown }: Options,
  set: string,
  isCounted: (row: Row) => boolean,
): [name: string, count: Count][] {
  const counts = new Map<string, Count>()
  for (const row of benignOf(folder, set)) {
    if (!isCounted(row)) continue
    const name = row.split === 'easy' || row.split === 'hard' ? `${set} ${row.split}` : `${set} ${row.category ?? ''}`
    const count = counts.get(name) ?? { n: 0, recalled: 0, added: 0, distinct: new Set() }
    counts.set(name, count)
    count.n += 1
    const request = judge.read(row)
    const findings = taught.findings(request)
    if (findings.length === 0) continue
    count.recalled += 1
    if (judge.innateRefuses(request)) continue
    count.added += 1
    const [first] = findings
    const value = request.fields.find(({ name: field }) => field === first?.field?.name)?.value ?? ''
    count.distinct.add(`${first?.source} ${value}`)
    if (isShown) console.log(`    ${name} ${row.id} ${first?.field?.name} ${JSON.stringify(value.slice(0, 160))}`)
  }
  return [...counts]
}

function lines(state: string, counts: readonly [string, Count][]): readonly string[] {
  const total: Count = { n: 0, recalled: 0, added: 0, distinct: new Set() }
  for (const [, count] of counts) {
    total.n += count.n
    total.recalled += count.recalled
    total.added += count.added
    for (const value of count.distinct) total.distinct.add(value)
  }
  return [...counts, ['all', total] as const].map(([name, { n, recalled, added, distinct }]) => {
    const [low, high] = wilsonInterval(added, n) ?? [0, 1]
    const rates = `${((100 * added) / n).toFixed(4)} % [${(100 * low).toFixed(4)}, ${(100 * high).toFixed(4)}]`
    return `${state} ${name}: n ${n}, recalled ${recalled}, added ${added} = ${rates}, ${distinct.size} distinct values`
  })
}
