import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ToleranceScope } from '../../src/adaptive/adaptive.ts'
import { createTolerances } from '../../src/adaptive/create-tolerances.ts'
import { createManualClock } from '../../src/core/clock.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createMemoryStorage } from '../../src/storage/memory-storage.ts'

const startMs = 1_000_000
const by = { by: 'anna', reason: 'a form of ours' }

function create() {
  const clock = createManualClock(startMs)
  const { records } = createMemoryStorage({ nodeId: 'a', clock })
  return { clock, records, tolerances: createTolerances({ records, clock }) }
}

const service = fc.constantFrom('api', 'shop')
const method = fc.constantFrom('GET', 'POST')
const route = fc.constantFrom('/a', '/b')
const name = fc.constantFrom('q', 'page')
const layer = fc.constantFrom('innate' as const, 'adaptive' as const)
const source = fc.constantFrom('sqli-100', 'chunk')

const scopes = fc.record({
  service,
  method,
  route,
  field: fc.option(name.map((one) => `query:${one}`)),
  finding: fc.option(fc.tuple(layer, source).map(([of, one]) => `${of}:${one}`)),
})
const findings = fc.record({ layer, source, field: fc.option(fc.record({ service, method, route, name })) }).map(
  ({ field, ...rest }): Finding => ({
    ...rest,
    field: field === null ? null : { ...field, location: 'query' },
    score: 0.9,
    reason: 'A test.',
  }),
)

/** The scope of a finding as narrow as it can be, and every wider one that names it. */
function scopesOf({ field, layer: of, source: one }: Finding): readonly ToleranceScope[] {
  if (field === null) return []
  const place = { service: field.service, method: field.method, route: field.route }
  return [null, `query:${field.name}`].flatMap((where) =>
    [null, `${of}:${one}`].map((finding) => ({ ...place, field: where, finding })),
  )
}

describe('tolerances', () => {
  it('cover what their scope names, nothing else, and until their end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(scopes, fc.integer({ min: 1, max: 5_000 })), { maxLength: 4 }),
        fc.array(findings, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: 6_000 }),
        (tolerated, found, laterMs) => {
          const { clock, tolerances } = create()
          const untilOf = new Map<string, number>()
          for (const [scope, ttlMs] of tolerated) {
            tolerances.tolerate(scope, { ...by, untilMs: startMs + ttlMs })
            untilOf.set(JSON.stringify(scope), startMs + ttlMs)
          }
          clock.advance(laterMs)
          for (const finding of found) {
            const isNamed = scopesOf(finding).some((scope) => (untilOf.get(JSON.stringify(scope)) ?? 0) > clock.now())
            expect(tolerances.covers(finding, null)).toBe(isNamed)
          }
        },
      ),
    )
  })

  it('follow the log until they are closed', () => {
    const { clock, records, tolerances } = create()
    const peer = createTolerances({ records, clock })
    const scope = { service: 'api', method: 'GET', route: '/a', field: null, finding: null }
    const finding: Finding = {
      layer: 'adaptive',
      source: 'chunk',
      field: { service: 'api', method: 'GET', route: '/a', location: 'query', name: 'q' },
      score: 0.9,
      reason: 'A test.',
    }
    const { id } = peer.tolerate(scope, { ...by, untilMs: startMs + 1_000 })
    expect(tolerances.covers(finding, null)).toBe(true)
    expect(peer.withdraw(id)).toBe(true)
    expect(tolerances.covers(finding, null)).toBe(false)
    tolerances.close()
    peer.tolerate(scope, { ...by, untilMs: startMs + 1_000 })
    expect(tolerances.covers(finding, null)).toBe(false)
  })

  const sqlFinding: Finding = {
    layer: 'innate',
    source: 'sqli-110',
    field: { service: 'api', method: 'POST', route: '/notes/{int}/lines', location: 'json', name: '/items/[]/text' },
    score: 0.9,
    reason: 'A test.',
    tags: ['sql', 'tautology'],
  }
  const everywhere = { service: '*', method: '*', route: '/**', field: null, finding: null }

  it.each([
    ['a tag of the rule', { finding: 'tag:sql' }, true],
    ['another tag', { finding: 'tag:html' }, false],
    ['any service and method on a route', { route: '/notes/{int}/lines', finding: 'innate:sqli-110' }, true],
    ['one segment of the route', { route: '/notes/*/lines' }, true],
    ['too few segments', { route: '/notes/*' }, false],
    ['all routes below', { route: '/notes/**' }, true],
    ['another method', { method: 'GET' }, false],
    ['fields by pattern', { field: 'json:/items/*/text' }, true],
    ['a field elsewhere', { field: 'query:*' }, false],
  ])('follow wildcards and tags: %s', (_, part, isCovered) => {
    const { tolerances } = create()
    tolerances.tolerate({ ...everywhere, ...part }, { ...by, untilMs: startMs + 1_000 })
    expect(tolerances.covers(sqlFinding, null)).toBe(isCovered)
  })

  it('cover a finding about no field only where a tolerance names the finding and no field', () => {
    const whole: Finding = { ...sqlFinding, field: null }
    const place = { service: 'api', method: 'POST', route: '/notes' }
    const { tolerances } = create()
    const until = { ...by, untilMs: startMs + 1_000 }
    tolerances.tolerate(everywhere, until)
    expect(tolerances.covers(whole, place)).toBe(false)
    tolerances.tolerate({ ...everywhere, field: 'query:*', finding: 'innate:sqli-110' }, until)
    expect(tolerances.covers(whole, place)).toBe(false)
    tolerances.tolerate({ ...everywhere, route: '/notes', finding: 'innate:sqli-110' }, until)
    expect(tolerances.covers(whole, { ...place, route: '/other' })).toBe(false)
    expect(tolerances.covers(whole, place)).toBe(true)
  })

  it('of the configuration count hits, end, and cannot be withdrawn', () => {
    const clock = createManualClock(startMs)
    const { records } = createMemoryStorage({ nodeId: 'a', clock })
    const scope = { ...everywhere, finding: 'tag:sql' }
    const configured = [{ scope, reason: 'prose about SQL', untilMs: startMs + 1_000 }]
    const tolerances = createTolerances({ records, clock, configured })
    expect(tolerances.covers(sqlFinding, null)).toBe(true)
    expect(tolerances.list()).toMatchObject([{ id: 'config-1', by: 'configuration', hits: 1, isConfigured: true }])
    expect(tolerances.withdraw('config-1')).toBe(false)
    clock.advance(1_000)
    expect(tolerances.covers(sqlFinding, null)).toBe(false)
  })
})
