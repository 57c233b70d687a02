// Runs the regression tests of an OWASP Core Rule Set checkout and prints one JSON object:
//   node scripts/crs-conformance.ts [--rules DIR --tests DIR] [--only 942100] [--backend httpbin|reflect] [--reference]
// Without folders it takes Debian's. `--reference` asks nginx with ModSecurity in place of Thymus.
import { parseArgs } from 'node:util'
import { readTests } from './crs/ftw-format.ts'
import { locateCrs } from './crs/locate.ts'
import { conformanceRules, runConformance } from './crs/run-conformance.ts'

const { values } = parseArgs({
  options: {
    rules: { type: 'string' },
    tests: { type: 'string' },
    only: { type: 'string' },
    backend: { type: 'string' },
    reference: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  const { rules, tests } = foldersOf()
  const { only, backend, reference } = values
  const chosen = readTests(tests).filter(({ name }) => only === undefined || name.startsWith(only))
  const style = backend === 'httpbin' || backend === 'reflect' ? ({ backend } as const) : {}
  const report = await runConformance({
    rules: conformanceRules(rules),
    tests: chosen,
    isReference: reference,
    ...style,
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
}

function foldersOf(): { readonly rules: string; readonly tests: string } {
  const { rules, tests } = values
  if (rules !== undefined && tests !== undefined) return { rules, tests }
  if (rules !== undefined || tests !== undefined) throw new Error('--rules and --tests go together.')
  const located = locateCrs()
  if (located.kind === 'missing') throw new Error(`Nothing to run: ${located.why}.`)
  return located
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
