// What an OWASP Core Rule Set costs, here and in nginx with ModSecurity, measured in one run:
//   node scripts/crs-cost.ts [--rules DIR] [--paranoia 1]
// prints one JSON object; times are CPU microseconds per request.
import { parseArgs } from 'node:util'
import { locateRules } from './crs/locate.ts'
import { measureCost } from './crs/measure-cost.ts'
import { whyNoNginx } from './crs/nginx.ts'
import { engineDirectives, findRuleSet, mainFile, paranoiaDirectives } from './crs/rule-set.ts'

const { values } = parseArgs({ options: { rules: { type: 'string' }, paranoia: { type: 'string', default: '1' } } })

async function main(): Promise<void> {
  const why = whyNoNginx()
  if (why !== null) throw new Error(why)
  const folder = values.rules ?? locateRules()
  if (folder === null) throw new Error('There is no rule set: install modsecurity-crs or name a folder with --rules.')
  const directives = { engine: engineDirectives, run: paranoiaDirectives(Number(values.paranoia)) }
  process.stdout.write(`${JSON.stringify(await measureCost(mainFile(findRuleSet(folder), directives)), null, 2)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
