import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const summary = resolve(import.meta.dirname, '../../scripts/summary.mjs')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thymus-summary-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const green = { numPassedTests: 12, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] }
const measured = { steps: { 'a/b': {} }, gateway: { ratio: 0.61 }, middleware: { ratio: 0.7 } }

function summarise(tests: { report: unknown; status: number }, bench: { report: unknown; status: number }) {
  const paths = [join(folder, 'tests.json'), join(folder, 'bench.json')] as const
  if (tests.report !== undefined) writeFileSync(paths[0], JSON.stringify(tests.report))
  writeFileSync(paths[1], typeof bench.report === 'string' ? bench.report : JSON.stringify(bench.report))
  const args = [summary, paths[0], String(tests.status), paths[1], String(bench.status)]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, lines: stdout.trimEnd().split('\n') }
}

describe('the summary of a build', () => {
  it('counts the benchmarks as one more that passed', () => {
    const { status, lines } = summarise({ report: green, status: 0 }, { report: measured, status: 0 })
    expect(status).toBe(0)
    expect(lines).toEqual([
      'benchmarks: 1 steps, gateway 0.61, middleware 0.70 of the bare thing',
      '13 passed, 0 failed, 1 skipped',
    ])
  })

  it('fails when a test failed, and names the suite', () => {
    const report = { ...green, numFailedTests: 2, testResults: [{ name: '/a.test.ts', status: 'failed' }] }
    const { status, lines } = summarise({ report, status: 1 }, { report: measured, status: 0 })
    expect(status).toBe(1)
    expect(lines[0]).toBe('failed: /a.test.ts')
    expect(lines.at(-1)).toBe('13 passed, 2 failed, 1 skipped')
  })

  it('fails when lint or types failed, which leaves no report', () => {
    const { status, lines } = summarise({ report: undefined, status: 2 }, { report: measured, status: 0 })
    expect(status).toBe(1)
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped')
  })

  it('fails when the benchmarks fail or print something else than one object', () => {
    for (const bench of [
      { report: measured, status: 1 },
      { report: 'noise\n{}', status: 0 },
    ]) {
      const { status, lines } = summarise({ report: green, status: 0 }, bench)
      expect(status).toBe(1)
      expect(lines.at(-1)).toBe('12 passed, 1 failed, 1 skipped')
    }
  })
})
