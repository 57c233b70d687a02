import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { whyNoNginx } from '../../../scripts/crs/nginx.ts'
import { runDifferential } from '../../../scripts/crs/run-differential.ts'

const rules = process.env['THYMUS_CRS_RULES'] ?? '/usr/share/modsecurity-crs'
const whyNoRules = existsSync(rules) ? null : 'the rule set is not here: apt-get install modsecurity-crs'
const whyNot = whyNoNginx() ?? whyNoRules

describe('the same rules in nginx with ModSecurity and in Thymus', () => {
  const where = whyNot === null ? it : it.skip
  where(
    `match alike in 98 of 100 made-up requests${whyNot === null ? '' : `, skipped: ${whyNot}`}`,
    async () => {
      const report = await runDifferential({ rules, count: 300, seed: 11, recorded: null })
      process.stdout.write(
        `crs: ${report.same} of ${report.compared} requests match the same rules as in ModSecurity; ` +
          `${report.byRule.map(({ rule, requests }) => `${rule} (${requests})`).join(', ')}\n`,
      )
      expect(report.compared).toBeGreaterThan(280)
      expect(report.withMatches).toBeGreaterThan(100)
      expect(report.percent).toBeGreaterThanOrEqual(98)
    },
    120_000,
  )
})
