import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/core/finding.ts'
import { createInnate, defaultMaxWork } from '../../src/innate/create-innate.ts'
import { createInspector } from '../../src/innate/inspector.ts'
import { loadRules, parseRules } from '../../src/innate/load-rules.ts'
import { tooMuchWorkId } from '../../src/innate/rule-finding.ts'
import { planRules } from '../../src/innate/rule-plan.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import { benignRequests } from './benign-requests.ts'
import { canonicalRequest, viewOf } from './canonical-case.ts'

const limit = defaultMaxWork
const rules = loadRules()
const plan = planRules(rules)
const requestWith = (text: string): CanonicalRequest => {
  const body = JSON.stringify({ text })
  return canonicalRequest(viewOf({ method: 'POST', headers: [['content-type', 'application/json']], body }))
}
/** A megabyte with every keyword of every rule, over and over, in an order of its own. */
function hostileText(): string {
  const words = [...new Set(rules.flatMap((rule) => rule.keywords.flat()))]
  let text = ''
  for (let at = 0; text.length < 1_000_000; at = (at + 617) % words.length) text += `${words[at]} `
  return text
}

describe('the work that one request can cause', () => {
  it('ends at the limit, and the request is accused', () => {
    const inspector = createInspector(plan, limit)
    const request = requestWith(hostileText())
    const findings: Finding[] = []
    inspector.inspect(request, findings)
    const length = request.fields.reduce((sum, field) => sum + field.value.length, 0)
    expect(length).toBeGreaterThan(900_000)
    expect(inspector.work.spent).toBeGreaterThan(limit)
    // What is under way when the limit is reached may read its text to the end.
    expect(inspector.work.spent).toBeLessThan(limit + length + 10_000)
    expect(inspector.steps()).toBeLessThan(length * (plan.chains.length + 1))
    const accusation = findings.find((finding) => finding.source === tooMuchWorkId)
    expect(accusation?.score).toBeGreaterThanOrEqual(0.8)
    expect(accusation?.reason).toMatch(/takes too much work to inspect/)
  })

  it('ends at the limit for a text that leads a pattern to a new state with every character', () => {
    const own = parseRules(
      `family: own
title: Own
rules:
  - { id: own-100, title: Own rule, severity: notice, targets: [args], rx: '[ab]*a[ab]{40}b', keywords: [a], cases: { attack: [a, b, c], benign: [x, y] } }`,
      'own.yaml',
    )
    const inspector = createInspector(planRules(own), 1_000_000)
    let seed = 1
    const text = Array.from({ length: 100_000 }, (_, index) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return index % 40 === 39 ? 'c' : (seed >>> 16) % 2 === 0 ? 'a' : 'b'
    }).join('')
    const findings: Finding[] = []
    inspector.inspect(requestWith(text), findings)
    expect(inspector.work.spent).toBeLessThan(1_000_000 + 200_000)
    expect(findings.map((finding) => finding.source)).toEqual([tooMuchWorkId])
  })

  it('is counted anew for every request, and nothing is taken for clean that was not looked at', () => {
    const innate = createInnate({ rules, paranoia: 1, shadowRules: [], maxWork: 20_000 })
    const generous = createInnate({ rules, paranoia: 1, shadowRules: [] })
    const attack = canonicalRequest(viewOf({ target: `/?a=${'select+1+'.repeat(20_000)}&b=<script>alert(1)</script>` }))
    const kept = { ...attack, fields: attack.fields.map((field, index) => ({ ...field, memo: index + 1 })) }
    const short = { ...kept, view: viewOf({}), fields: kept.fields.filter((field) => field.name === 'b') }
    const sources = (request: CanonicalRequest): readonly string[] => {
      const findings: Finding[] = []
      innate.inspect(request, findings)
      return findings.map((finding) => finding.source)
    }
    // Works out the states that the short request needs, which costs more than reading.
    generous.inspect(short, [])
    expect(sources(kept)).toContain(tooMuchWorkId)
    expect(sources(short)).toEqual(['xss-100', 'xss-140'])
  })

  it('stays far below the limit for ordinary requests', () => {
    const inspector = createInspector(plan, limit)
    for (const { view } of benignRequests) {
      inspector.inspect(canonicalRequest(view), [])
      expect(inspector.work.spent).toBeLessThan(limit / 50)
    }
    inspector.inspect(requestWith('The committee met and voted; please order by phone. '.repeat(20_000)), [])
    expect(inspector.work.spent).toBeLessThan(limit)
  })
})
