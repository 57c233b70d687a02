/**
 * Writes docs/ABLATION.md: what each component of the engine adds, with seeds and intervals. Usage:
 *
 *   node scripts/ablation.ts --data ../shared/data              writes the report
 *   node scripts/ablation.ts --data ../shared/data --dry-run    prints it
 *
 * Options: --seeds 1,2,3   --resamples 300   --threads 2   --only NAME,NAME (implies --dry-run)
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { components } from '../src/ablation.ts'
import { reportText } from './ablation/report-text.ts'
import { runAblation } from './ablation/run-ablation.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    seeds: { type: 'string', default: '1,2,3' },
    resamples: { type: 'string', default: '300' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
})

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text)
  throw new Error(`--${name} is ${JSON.stringify(text)}, expected a whole number above 0`)
}

async function main(): Promise<void> {
  const names = values.only?.split(',')
  const unknown = names?.find((name) => !components.some((component) => component === name))
  if (unknown !== undefined) throw new Error(`--only names "${unknown}", expected some of ${components.join(', ')}`)
  const report = await runAblation({
    folder: values.data,
    components: names === undefined ? components : components.filter((component) => names.includes(component)),
    seeds: values.seeds.split(',').map((seed) => wholeNumber('seeds', seed)),
    resamples: wholeNumber('resamples', values.resamples),
    threads: wholeNumber('threads', values.threads),
    log: (line) => process.stderr.write(`${line}\n`),
  })
  const text = reportText(report)
  if (values['dry-run'] || names !== undefined) process.stdout.write(text)
  else writeFileSync(fileURLToPath(new URL('../docs/ABLATION.md', import.meta.url)), text)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
