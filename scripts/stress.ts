/**
 * Prints how detection holds up under padding, cold start and poisoning, one line per protocol. Usage:
 *
 *   node scripts/stress.ts --data ../shared/data            all of it, about a quarter of an hour with two threads
 *   node scripts/stress.ts --data ../shared/data --quick    a fifth of the attacks, no padding of 128 KB
 *
 * Options: --seed 1   --threads 2   --only TEXT (protocols whose set and name hold it, and their controls)
 * Each line is what `thymus evaluate` prints with the same options; see src/replay/protocol.ts for what they do.
 */
import { parseArgs } from 'node:util'
import { fileOf } from './measure/data-sets.ts'
import type { Job } from './measure/job.ts'
import { runJobs } from './measure/run-jobs.ts'
import { type StressRow, stressRows } from './stress/protocols.ts'
import { stressTable } from './stress/stress-text.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
})

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text)
  throw new Error(`--${name} is ${JSON.stringify(text)}, expected a whole number above 0`)
}

/** The rows that were asked for, with the controls that they need. */
function chosen(rows: readonly StressRow[], text: string): readonly StressRow[] {
  const named = rows.filter(({ set, name }) => `${set.name} ${name}`.includes(text))
  if (named.length === 0) throw new Error(`--only is ${JSON.stringify(text)}, and no protocol holds it`)
  return rows.filter((row) =>
    named.some(({ set, name, control }) => set === row.set && (name === row.name || control === row.name)),
  )
}

async function main(): Promise<void> {
  const seed = wholeNumber('seed', values.seed)
  const rows = chosen(stressRows({ seed, isQuick: values.quick }), values.only)
  const jobs = rows.map(
    ({ set, layers, protocol }): Job => ({
      file: fileOf(values.data, set),
      groupBy: set.groupBy,
      layers,
      without: [],
      extra: [],
      seed,
      protocol,
    }),
  )
  const onDone = (done: number, total: number): void => void process.stderr.write(`run ${done} of ${total}\n`)
  const results = await runJobs(jobs, { threads: wholeNumber('threads', values.threads), onDone })
  const rowsWithReports = rows.flatMap((row, index) => {
    const report = results[index]?.report
    return report === undefined ? [] : [{ row, report }]
  })
  process.stdout.write(
    `Shares in percent with 95 % Wilson intervals; differences in percentage points; seed ${seed}.\n\n${stressTable(rowsWithReports)}\n`,
  )
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
