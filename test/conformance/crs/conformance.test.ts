import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { readTests } from '../../../scripts/crs/ftw-format.ts'
import { locateCrs } from '../../../scripts/crs/locate.ts'
import { type ConformanceReport, conformanceRules, runConformance } from '../../../scripts/crs/run-conformance.ts'

/** Tests of CRS 3.3.4 that do not pass, each with its reason. */
const knownFailures = z
  .array(z.strictObject({ test: z.string(), reason: z.string().min(20) }))
  .parse(JSON.parse(readFileSync(new URL('known-failures.json', import.meta.url), 'utf8')))

const located = locateCrs()
const title = 'the regression tests of the OWASP Core Rule Set'

if (located.kind === 'missing') {
  const orSkip = located.kind !== 'missing' ? it : it.skip
  describe(title, () => orSkip(`run (skipped: ${located.why})`, () => undefined))
} else {
  describe(title, () => {
    let report: ConformanceReport

    beforeAll(async () => {
      report = await runConformance({ rules: conformanceRules(located.rules), tests: readTests(located.tests) })
      const { total, passed, requestPhase, responsePhase, lenient, settledByRefusal } = report
      process.stdout.write(
        `crs: ${passed} of ${total} pass (request phase ${requestPhase.percent} %, response phase ` +
          `${responsePhase.passed} of ${responsePhase.total}); ${settledByRefusal} settled by the parser's refusal, ` +
          `${lenient} read leniently\n`,
      )
    }, 180_000)

    afterAll(() => undefined)

    it('are there in number', () => {
      expect(report.total).toBeGreaterThan(1000)
    })

    it('pass in the request phase, 99 of 100 at least', () => {
      expect(report.requestPhase.percent).toBeGreaterThanOrEqual(99)
    })

    it('pass altogether, 95 of 100 at least', () => {
      expect(report.percent).toBeGreaterThanOrEqual(95)
    })

    const forDebian = located.isDebian ? it : it.skip
    forDebian('fail only where a reason is written down, and nothing else is written down', () => {
      expect(report.failed.map(({ name }) => name).sort()).toEqual(knownFailures.map(({ test }) => test).sort())
    })
  })
}
