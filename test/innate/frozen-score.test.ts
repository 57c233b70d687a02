import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { createFrozenScorer } from '../../src/antigen/scorer.ts'
import { createScorerEvidence } from '../../src/antigen/scorer-evidence.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createInnate } from '../../src/innate/create-innate.ts'
import { frozenScorerSource, maxHeaderScore } from '../../src/innate/frozen-finding.ts'
import type { Field } from '../../src/request/field.ts'
import { readableModel } from '../antigen/small-scorer.ts'
import { canonicalRequest, inspect, viewOf } from './canonical-case.ts'

/** No rules at all, so that every finding is the scorer's. */
const scorerAlone = (denyScore = 0.8) =>
  createInnate({ rules: [], paranoia: 1, shadowRules: [], scorer: { ...shippedScorer(), denyScore } })
const attack = encodeURIComponent(
  "x' UNION ALL SELECT null,concat(user(),0x3a,version()),null FROM information_schema.tables-- ",
)
const first = (findings: readonly Finding[]): Finding => {
  if (findings[0] === undefined) throw new Error('there is no finding')
  return findings[0]
}

describe('the frozen scorer in the innate layer', () => {
  it('is certain of a plain attack, and says in which field and why', () => {
    const findings = inspect(scorerAlone(), viewOf({ target: `/search?q=${attack}&page=2` }))
    expect(findings).toHaveLength(1)
    expect(first(findings)).toMatchObject({ layer: 'innate', source: frozenScorerSource, field: { name: 'q' } })
    expect(first(findings).score).toBeGreaterThanOrEqual(0.8)
    expect(first(findings).reason).toMatch(/^Reads like an attack in query q: ".*", for ".*"; log-odds \d+\.\d\.$/)
  })

  it('never is certain of a header', () => {
    const findings = inspect(scorerAlone(), viewOf({ headers: [['x-note', decodeURIComponent(attack)]] }))
    expect(first(findings)).toMatchObject({ field: { location: 'header', name: 'x-note' } })
    expect(first(findings).score).toBeLessThanOrEqual(maxHeaderScore)
  })

  it('shows nothing of a field whose values are secrets', () => {
    const { reason } = first(inspect(scorerAlone(), viewOf({ target: `/login?password=${attack}` })))
    expect(reason).toMatch(/^Reads like an attack in query password: \(not shown\), log-odds \d+\.\d\.$/)
  })

  it('says less than certain below the score from which it may refuse, and never refuses at 1', () => {
    for (const denyScore of [1]) {
      const { score } = first(inspect(scorerAlone(denyScore), viewOf({ target: `/search?q=${attack}` })))
      expect(score).toBeLessThan(0.8)
      expect(score).toBeGreaterThan(0.5)
    }
  })

  it('is silent about ordinary values', () => {
    const target =
      '/orders/550e8400-e29b-41d4-a716-446655440000?sort=-created&q=red%20shoes%2C%20size%2042&email=ann%40shop.example'
    expect(inspect(scorerAlone(), viewOf({ target, headers: [['user-agent', 'curl/8.1.0']] }))).toEqual([])
  })

  it('finds the attack behind and before harmless text of any length', () => {
    const harmless = encodeURIComponent('The quick brown fox, as they say, jumps over the lazy dog. '.repeat(40))
    const alone = first(inspect(scorerAlone(), viewOf({ target: `/search?q=${attack}` })))
    for (const query of [`${harmless}${attack}`, `${attack}${harmless}`, `${harmless}${attack}${harmless}`]) {
      expect(first(inspect(scorerAlone(), viewOf({ target: `/search?q=${query}` }))).score).toBeGreaterThanOrEqual(
        Math.min(0.8, alone.score),
      )
    }
  })

  it('reports the eight worst values of a request of many, and the worst among them', () => {
    const model = readableModel
    const scorer = { scorer: createFrozenScorer(model), evidence: createScorerEvidence(model), denyScore: 0.8 }
    const innate = createInnate({ rules: [], paranoia: 1, shadowRules: [], scorer })
    const weak = Array.from({ length: 30 }, (_, index) => `a${index}=%3Cscript`).join('&')
    const findings = inspect(
      innate,
      viewOf({ target: `/?${weak}&last=union%20select%2C%3Cscript&${weak.replaceAll('a', 'b')}` }),
    )
    expect(findings).toHaveLength(8)
    expect(Math.max(...findings.map(({ score }) => score))).toBe(
      findings.find(({ field }) => field?.name === 'last')?.score,
    )
  })

  it('changes no finding by what it noted of fields that come again', () => {
    const values = ['ordinary', 'a,b;c', decodeURIComponent(attack), '<b>bold</b>', "it's"]
    const base = canonicalRequest(viewOf({}))
    const kept = values.map(
      (value, index): Field => ({
        slot: index,
        sharedSlot: index,
        location: 'query',
        name: `q${index}`,
        raw: value,
        value,
        decodeDepth: 0,
        flags: 0,
        memo: index + 1,
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(...kept), { maxLength: 5 }), { maxLength: 6 }), (requests) => {
        const noting = scorerAlone()
        for (const fields of requests) {
          const seen: Finding[] = []
          const fresh: Finding[] = []
          noting.inspect({ ...base, fields }, seen)
          scorerAlone().inspect({ ...base, fields: fields.map((field) => ({ ...field, memo: 0 })) }, fresh)
          expect(seen).toEqual(fresh)
        }
      }),
      { numRuns: 20 },
    )
  })
})
