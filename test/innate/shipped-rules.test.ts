import { describe, expect, it } from '@jest/globals'
import { caseRequest } from '../../src/innate/case-request.ts'
import { createInnate } from '../../src/innate/create-innate.ts'
import { loadRules } from '../../src/innate/load-rules.ts'
import { benignRequests } from './benign-requests.ts'
import { inspect } from './canonical-case.ts'

const rules = loadRules()
const everything = createInnate({ rules, paranoia: 4, shadowRules: [] })
const asShipped = createInnate({ rules, paranoia: 1, shadowRules: [] })

describe('the shipped rules', () => {
  it('are at least two hundred and sixty-five, with unique ids and numbers that grow within a family', () => {
    expect(rules.length).toBeGreaterThanOrEqual(265)
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
    for (const rule of rules) expect(rule.id).toMatch(/^[a-z][a-z-]*-\d{3}$/)
  })

  it('match each of their attack cases', () => {
    const missed: string[] = []
    let count = 0
    for (const rule of rules) {
      for (const sample of rule.cases.attack) {
        count += 1
        const sources = inspect(everything, caseRequest(rule, sample)).map((finding) => finding.source)
        if (!sources.includes(rule.id)) missed.push(`${rule.id} ${JSON.stringify(sample)}`)
      }
    }
    expect(missed).toEqual([])
    expect(count).toBeGreaterThanOrEqual(rules.length * 3)
  })

  it('match none of their benign cases', () => {
    const wrong: string[] = []
    let count = 0
    for (const rule of rules) {
      for (const sample of rule.cases.benign) {
        count += 1
        const sources = inspect(everything, caseRequest(rule, sample)).map((finding) => finding.source)
        if (sources.includes(rule.id)) wrong.push(`${rule.id} ${JSON.stringify(sample)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThanOrEqual(rules.length * 2)
  })

  it('say nothing of weight about ordinary text, names, tokens and browser headers', () => {
    const loud = benignRequests.flatMap(({ name, view }) =>
      inspect(asShipped, view)
        .filter((finding) => finding.score >= 0.5)
        .map((finding) => `${name}: ${finding.source} ${finding.reason}`),
    )
    expect(loud).toEqual([])
    expect(benignRequests.length).toBeGreaterThanOrEqual(40)
  })

  it('stay silent on the headers of real browsers', () => {
    const browsers = benignRequests.filter(({ name }) => name.startsWith('headers:'))
    expect(browsers.length).toBeGreaterThanOrEqual(4)
    for (const { view } of browsers) expect(inspect(asShipped, view)).toEqual([])
  })
})
