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
            expect(tolerances.covers(finding)).toBe(isNamed)
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
    expect(tolerances.covers(finding)).toBe(true)
    expect(peer.withdraw(id)).toBe(true)
    expect(tolerances.covers(finding)).toBe(false)
    tolerances.close()
    peer.tolerate(scope, { ...by, untilMs: startMs + 1_000 })
    expect(tolerances.covers(finding)).toBe(false)
  })
})
