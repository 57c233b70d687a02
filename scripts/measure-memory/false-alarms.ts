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

/** The same where every site has learned from its own requests alone: the sets that say what is to be learned. */
export function falseAlarmsBySite(options: Omit<Options, 'taught'>, teach: () => Taught): string {
  const own = ['siteinject-dev', 'httpparams-dev', 'csic2010-dev'] as const
  const total = emptyCount()
  for (const set of own) {
    const sites = Map.groupBy(benignOf(options.folder, set), (row) => (set === 'siteinject-dev' ? row.client : set))
    for (const rows of sites.values()) {
      const taught = teach()
      for (const row of rows) if (teaching.has(row.split)) taught.learn(options.judge.read(row))
      const judged = rows.filter(({ split }) => !teaching.has(split))
      for (const row of judged) note(total, row, { ...options, taught })
    }
  }
  return lineOf('own self', 'sets with a split to learn from', total)
}

const emptyCount = (): Count => ({ n: 0, recalled: 0, added: 0, distinct: new Set() })

const benignOf = (folder: string, set: string): Row[] =>
  readRows<Row>(join(folder, `${set}.jsonl.gz`)).filter(({ label }) => label === 'benign')

function counted(options: Options, set: string, isCounted: (row: Row) => boolean): [name: string, count: Count][] {
  const counts = new Map<string, Count>()
  for (const row of benignOf(options.folder, set).filter(isCounted)) {
    const name = `${set} ${row.split?.split('-fortunes')[0]?.split(/-(?=.*doc)/)[0] ?? ''}`
    const count = counts.get(name) ?? emptyCount()
    counts.set(name, count)
    note(count, row, options)
  }
  return [...counts]
}

function note(count: Count, row: Row, { judge, taught, isShown }: Options): void {
  count.n += 1
  const request = judge.read(row)
  const [first] = taught.findings(request)
  if (first === undefined) return
  count.recalled += 1
  if (judge.innateRefuses(request)) return
  count.added += 1
  const value = request.fields.find(({ name }) => name === first.field?.name)?.value ?? ''
  count.distinct.add(value)
  if (isShown) console.log(`    ${row.id} ${first.field?.name} ${JSON.stringify(value.slice(0, 160))}`)
}

function lines(state: string, counts: readonly [string, Count][]): readonly string[] {
  const total = emptyCount()
  for (const [, count] of counts) {
    total.n += count.n
    total.recalled += count.recalled
    total.added += count.added
    for (const value of count.distinct) total.distinct.add(value)
  }
  return [...counts, ['all', total] as const].map(([name, count]) => lineOf(state, name, count))
}

function lineOf(state: string, name: string, { n, recalled, added, distinct }: Count): string {
  const [low, high] = wilsonInterval(added, n) ?? [0, 1]
  const rate = `${((100 * added) / n).toFixed(4)} % [${(100 * low).toFixed(4)}, ${(100 * high).toFixed(4)}]`
  return `${state}, ${name}: n ${n}, recalled ${recalled}, added ${added} = ${rate}, ${distinct.size} distinct values`
}
