// Sends the same requests to nginx with ModSecurity and to Thymus and compares which rules match:
//   node scripts/crs-differential.ts [--rules DIR] [--count 2000] [--seed 1] [--recorded ../shared/data] [--show 20]
// prints one JSON object.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { locateRules } from './crs/locate.ts'
import { whyNoNginx } from './crs/nginx.ts'
import { runDifferential } from './crs/run-differential.ts'

const { values } = parseArgs({
  options: {
    rules: { type: 'string' },
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    recorded: { type: 'string' },
    show: { type: 'string', default: '20' },
  },
})

const besideProject = fileURLToPath(new URL('../../shared/data', import.meta.url))

async function main(): Promise<void> {
  const why = whyNoNginx()
  if (why !== null) throw new Error(why)
  const rules = values.rules ?? locateRules()
  if (rules === null) throw new Error('There is no rule set: install modsecurity-crs or name a folder with --rules.')
  const recorded = values.recorded ?? (existsSync(besideProject) ? besideProject : null)
  const report = await runDifferential({ rules, count: Number(values.count), seed: Number(values.seed), recorded })
  const shown = report.differences.slice(0, Number(values.show))
  process.stdout.write(`${JSON.stringify({ ...report, differences: shown }, null, 2)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
