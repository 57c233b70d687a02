// Runs the regression tests of an OWASP Core Rule Set checkout:
//   node scripts/crs-conformance.ts --rules DIR --tests DIR [--only 942100] [--backend httpbin|reflect] [--reference]
// and prints one JSON object. `--reference` asks nginx with ModSecurity in place of Thymus.
import { parseArgs } from 'node:util'
import { type BackendStyle, startBackend } from './crs/backend.ts'
import { type CrsTest, readTests } from './crs/ftw-format.ts'
import { startNginxSurface } from './crs/nginx-surface.ts'
import { engineDirectives, findRuleSet, mainFile, testDirectives } from './crs/rule-set.ts'
import { reportOf, runTests } from './crs/run-tests.ts'

const { values } = parseArgs({
  options: {
    rules: { type: 'string' },
    tests: { type: 'string' },
    only: { type: 'string' },
    backend: { type: 'string' },
    reference: { type: 'boolean', default: false },
  },
})

/** The upstream that the tests were written for: CRS 4 asks `/reflect` for answers. */
function styleFor(tests: readonly CrsTest[]): BackendStyle {
  if (values.backend === 'httpbin' || values.backend === 'reflect') return values.backend
  return tests.some(({ stages }) => stages.some(({ input }) => input.uri.startsWith('/reflect')))
    ? 'reflect'
    : 'httpbin'
}

async function main(): Promise<void> {
  if (values.rules === undefined || values.tests === undefined) {
    throw new Error('Usage: node scripts/crs-conformance.ts --rules DIR --tests DIR [--only ID] [--reference]')
  }
  const all = readTests(values.tests)
  const tests = all.filter(({ name }) => values.only === undefined || name.startsWith(values.only))
  const backend = await startBackend(styleFor(all))
  const rules = mainFile(findRuleSet(values.rules), { engine: engineDirectives, run: testDirectives })
  const surface = await startNginxSurface({ rules, backendPort: backend.port, silenceMs: 400 })
  try {
    process.stdout.write(`${JSON.stringify(reportOf(await runTests(tests, surface)), null, 2)}\n`)
  } finally {
    await surface.close()
    await backend.close()
  }
}

await main()
