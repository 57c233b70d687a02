import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { readTests } from '../../../scripts/crs/ftw-format.ts'
import { whyNoNginx } from '../../../scripts/crs/nginx.ts'
import { engineDirectives } from '../../../scripts/crs/rule-set.ts'
import { runConformance } from '../../../scripts/crs/run-conformance.ts'

// Rules and tests of our own, in the style of large rule sets: they need no download, and no release of one is favoured.
const folder = fileURLToPath(new URL('language', import.meta.url))
const tests = readTests(folder)
const rules = engineDirectives + readFileSync(`${folder}/rules.conf`, 'utf8')
const whyNot = whyNoNginx()

describe('the rule language as large rule sets use it', () => {
  it('is asked about in number, for requests and for answers', () => {
    expect(tests.filter(({ isRequestPhase }) => isRequestPhase).length).toBe(88)
    expect(tests.filter(({ isRequestPhase }) => !isRequestPhase).length).toBe(8)
  })

  it('does what every test expects', async () => {
    const { failed, passed } = await runConformance({ rules, tests, backend: 'reflect' })
    expect(failed).toEqual([])
    expect(passed).toBe(tests.length)
  })

  const withNginx = whyNot === null ? it : it.skip
  withNginx(
    `is expected as nginx with ModSecurity has it${whyNot === null ? '' : `, skipped: ${whyNot}`}`,
    async () => {
      const { failed } = await runConformance({ rules, tests, backend: 'reflect', isReference: true })
      expect(failed).toEqual([])
    },
  )
})
