import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Finding } from '../../src/core/finding.ts'
import { caseRequest } from '../../src/innate/case-request.ts'
import { createCleanFields } from '../../src/innate/clean-fields.ts'
import { createInnate } from '../../src/innate/create-innate.ts'
import type { Innate } from '../../src/innate/innate.ts'
import { loadRules, parseRules } from '../../src/innate/load-rules.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import type { Field } from '../../src/request/field.ts'
import { benignRequests } from './benign-requests.ts'
import { canonicalRequest, viewOf } from './canonical-case.ts'

const own = parseRules(
  [
    'family: own',
    'title: Own',
    'targets: [args, cookie, headers]',
    'rules:',
    ...[
      // A leading condition that holds, and one about another value that does so only now and then.
      "all: [{contains: a}, {targets: [method], equals: post}], keywords: ['a']",
      'all: [{contains: note}, {targets: [args], contains: select}]',
      'all: [{contains: a}, {not: true, contains: e}]',
      'not: true, contains: a, keywords: none',
      "targets: ['count:query'], number: {gt: 2}",
    ].map(
      (body, index) =>
        `  - { id: own-${100 + index}, title: Own rule, severity: notice, ${body}, cases: { attack: [a, b, c], benign: [x, y] } }`,
    ),
  ].join('\n'),
  'own.yaml',
)
const shipped = loadRules()
const rules = [...shipped, ...own]

const views = [
  ...shipped.flatMap((rule) => rule.cases.attack.slice(0, 1).map((sample) => caseRequest(rule, sample))),
  ...benignRequests.map(({ view }) => view),
  ...['note', 'a', 'select', 'ae', '1'].map((text) => viewOf({ target: `/?q=${text}` })),
]
/** Every field as one that is kept, and the same as one that is not. */
const kept = views
  .flatMap((view) => canonicalRequest(view).fields)
  .map((field, index): Field => ({ ...field, slot: index, memo: index + 1 }))
const plainOf = (field: Field): Field => ({ ...field, memo: 0 })

const base = { GET: canonicalRequest(viewOf({})), POST: canonicalRequest(viewOf({ method: 'POST' })) }

function findingsOf(innate: Innate, request: CanonicalRequest): readonly Finding[] {
  const findings: Finding[] = []
  innate.inspect(request, findings)
  return findings
}

describe('what the inspector notes about fields that come again', () => {
  it('changes no finding, in whatever order requests come', () => {
    const anyRequest = fc.record({
      method: fc.constantFrom('GET' as const, 'POST' as const),
      fields: fc.array(fc.constantFrom(...kept), { maxLength: 12 }),
    })
    let matches = 0
    fc.assert(
      fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 20 }), (requests) => {
        const noting = createInnate({ rules, paranoia: 4, shadowRules: [] })
        const forgetful = createInnate({ rules, paranoia: 4, shadowRules: [] })
        for (const { method, fields } of [...requests, ...requests]) {
          const expected = findingsOf(forgetful, { ...base[method], fields: fields.map(plainOf) })
          expect(findingsOf(noting, { ...base[method], fields })).toEqual(expected)
          matches += expected.length
        }
        expect(noting.rules()).toEqual(forgetful.rules())
      }),
      { numRuns: 25 },
    )
    expect(matches).toBeGreaterThan(500)
    expect(kept.length).toBeGreaterThan(300)
  })

  it('takes the place of what was noted before under a number that shares the slot', () => {
    const clean = createCleanFields()
    clean.add(7)
    clean.add(0)
    expect([clean.has(7), clean.has(0), clean.has(8)]).toEqual([true, false, false])
    clean.add(7 + 65_536)
    expect([clean.has(7), clean.has(7 + 65_536)]).toEqual([false, true])
  })
})
