// Sums up what .ci/run did: what is worth a look, then one line with the counts. Its exit code is that of the whole.
import { readFileSync } from 'node:fs'

const [testsPath = '', testsStatus = '1', benchPath = '', benchStatus = '1'] = process.argv.slice(2)
const tests = read(testsPath)
const bench = read(benchPath)
const counts = {
  passed: tests?.numPassedTests ?? 0,
  failed: (tests?.numFailedTests ?? 0) + (tests?.numRuntimeErrorTestSuites ?? 0),
  skipped: (tests?.numPendingTests ?? 0) + (tests?.numTodoTests ?? 0),
}

// Lint and types run before the tests: when they fail there is no report, and something has failed all the same.
if (testsStatus !== '0' && counts.failed === 0) counts.failed += 1
if (benchStatus === '0' && bench !== undefined) counts.passed += 1
else counts.failed += 1

for (const suite of tests?.testResults ?? []) if (suite.status === 'failed') say(`failed: ${suite.name}`)
if (testsStatus !== '0') say(`"npm test" ended with exit code ${testsStatus}`)
if (benchStatus !== '0') say(`the benchmarks ended with exit code ${benchStatus}`)
else if (bench === undefined) say('the benchmarks printed no JSON object')
else say(`benchmarks: ${Object.keys(bench.steps ?? {}).length} steps, ${ratios(bench)}`)
say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 ? 0 : 1

function ratios({ gateway, middleware }) {
  const figure = (part) => (typeof part?.ratio === 'number' ? part.ratio.toFixed(2) : 'not measured')
  return `gateway ${figure(gateway)}, middleware ${figure(middleware)} of the bare thing`
}

function read(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`)
}
