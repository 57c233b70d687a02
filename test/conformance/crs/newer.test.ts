import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { readTests } from '../../../scripts/crs/ftw-format.ts'
import { conformanceRules, runConformance } from '../../../scripts/crs/run-conformance.ts'

// A rule set of our own in the layout of a newer checkout: example set-up, plug-ins, data files, tests as go-ftw has them.
const folder = fileURLToPath(new URL('newer', import.meta.url))
const tests = readTests(`${folder}/tests/regression`)

describe('a rule set laid out like a newer checkout', () => {
  it('brings its tests, beside a file of exceptions that is none', () => {
    expect(tests.length).toBe(83)
  })

  it('loads as it stands and does what its tests expect', async () => {
    const { failed } = await runConformance({ rules: conformanceRules(folder), tests })
    expect(failed).toEqual([])
  })
})
