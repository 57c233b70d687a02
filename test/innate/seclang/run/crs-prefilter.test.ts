import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createManualClock } from '../../../../src/core/clock.ts'
import { createRandom } from '../../../../src/core/random.ts'
import { loadSecLang } from '../../../../src/innate/seclang/load-seclang.ts'
import { createProgramRunner } from '../../../../src/innate/seclang/run/create-program-runner.ts'
import type { Transaction } from '../../../../src/innate/seclang/run/transaction.ts'
import { messageOf, type RequestParts, shortly } from './run-case.ts'

const setup = '/etc/modsecurity/crs/crs-setup.conf'
const rules = '/usr/share/modsecurity-crs/rules/*.conf'
const describeRuleSet = existsSync(setup) ? describe : describe.skip

/** Fragments that rules of many families look for, raw and encoded. */
const fragments = [
  "' or 1=1--",
  ' union select ',
  '<script>',
  'alert(1)',
  '../../etc/passwd',
  '%2e%2e%2f',
  ';cat /etc/',
  '$(id)',
  'php://input',
  '<?php',
  'phpinfo()',
  'http://10.0.0.1/',
  '%0d%0aSet-Cookie:',
  '${jndi:ldap://',
  'onerror=',
  'javascript:',
  'sleep(5)',
  'exec xp_cmdshell',
  '/*!50000',
  '\\u003c',
  '&lt;img',
  'document.cookie',
  'c:\\windows\\',
  'wget ',
  '|ping ',
  'java.lang.Runtime',
  'process.env',
  'a',
  '7',
  ' ',
  '"',
  'Ünïcode',
  '\0',
]
const value = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 5, unit: 'binary' })), { maxLength: 5 })
  .map((parts) => parts.join(''))
const latin = (text: string): string => Buffer.from(text.replace(/[\r\n\0]/g, '')).toString('latin1')

const form = fc.array(fc.tuple(value, value), { maxLength: 4 }).map((pairs) => ({
  headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const,
  body: pairs
    .map(([name, text]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`)
    .join('&'),
}))
const json = fc.dictionary(value, value, { maxKeys: 4 }).map((object) => ({
  headers: [['Content-Type', 'application/json']] as const,
  body: JSON.stringify({ list: [object] }),
}))

const request: fc.Arbitrary<RequestParts> = fc
  .record({ query: value, agent: value, cookie: value, message: fc.oneof(form, json) })
  .map(({ query, agent, cookie, message }) => ({
    method: 'POST',
    target: `/index?q=${latin(query).replace(/[\s#]/g, '+')}`,
    headers: [['User-Agent', latin(agent)], ['Cookie', `id=${latin(cookie)}`], ...message.headers],
    body: message.body,
  }))

const tell = (transaction: Transaction): readonly string[] => [
  ...transaction.matches.map((match) => `${match.rule.id} ${shortly(match)}`),
  `score ${transaction.variable('anomaly_score')}`,
  ...transaction.faults.map(({ reason }) => `fault ${reason}`),
]

describeRuleSet('the prefilter on the Core Rule Set (skipped without the package modsecurity-crs)', () => {
  it('changes nothing', () => {
    const program = loadSecLang([setup, rules])
    const detecting = {
      ...program,
      settings: { ...program.settings, engine: 'detection-only' as const, requestBodyAccess: true },
    }
    const transactionOf = (hasPrefilter: boolean) => {
      const runner = createProgramRunner(detecting, {
        clock: createManualClock(0),
        random: createRandom(3),
        hasPrefilter,
      })
      return (parts: RequestParts): Transaction => {
        const transaction = runner.begin(messageOf(parts))
        transaction.requestHead()
        transaction.requestBody()
        return transaction
      }
    }
    const quick = transactionOf(true)
    const plain = transactionOf(false)
    const seen = new Set<string>()
    fc.assert(
      fc.property(request, (parts) => {
        const told = tell(plain(parts))
        for (const line of told) seen.add(line.slice(0, 6))
        expect(tell(quick(parts))).toEqual(told)
        expect(tell(quick(parts))).toEqual(told)
      }),
      { numRuns: 120 },
    )
    // So many different rules matched that the comparison says something.
    expect(seen.size).toBeGreaterThan(60)
  })
})
