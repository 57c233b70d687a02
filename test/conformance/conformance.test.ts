import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Thymus } from '../../src/app.ts'
import { createTestThymus } from '../../src/testing.ts'
import { conformanceCases } from './requests.ts'
import { expressSurface, gatewaySurface, type Judgement, type Surface } from './surfaces.ts'

let thymus: Thymus
let gateway: Surface
const others: Surface[] = []

beforeAll(async () => {
  // One client sends everything: it must not be held or slowed for that, and nothing may be learned in between.
  thymus = await createTestThymus({
    mode: 'enforce',
    listen: { host: '127.0.0.1', port: 0 },
    innate: { requestsPerSecond: null, routeRequestsPerSecond: null },
    adaptive: { enabled: false },
    memory: { enabled: false },
    behaviour: { enabled: false },
    quarantine: { enabled: false },
  })
  gateway = await gatewaySurface(thymus)
  for (const hasParsers of [false, true]) {
    for (const version of [4, 5] as const) others.push(await expressSurface(thymus, { version, hasParsers }))
  }
})
afterAll(async () => {
  for (const surface of [gateway, ...others]) await surface.close()
  await thymus.close()
})

describe('gateway and middleware', () => {
  const counts = { requests: 0, comparisons: 0, allowed: 0, denied: 0, rejected: 0 }

  it.each(conformanceCases)('judge alike: $title', async ({ bytes, isForParsers }) => {
    const expected = await gateway.judge(bytes)
    const judged: Record<string, Judgement> = {}
    for (const surface of others) {
      if (surface.hasParsers && !isForParsers) continue
      judged[surface.name] = await surface.judge(bytes)
      counts.comparisons += 1
    }
    counts.requests += 1
    if (expected.verdict === null) counts.rejected += 1
    else if (expected.verdict === 'allow') counts.allowed += 1
    else counts.denied += 1
    expect(judged).toEqual(Object.fromEntries(Object.keys(judged).map((name) => [name, expected])))
  })

  it('were compared on enough requests of every kind', () => {
    expect(counts.requests).toBe(conformanceCases.length)
    expect(counts.requests).toBeGreaterThanOrEqual(400)
    expect(counts.comparisons).toBeGreaterThanOrEqual(1_500)
    expect(counts.allowed).toBeGreaterThan(100)
    expect(counts.denied).toBeGreaterThan(100)
    expect(counts.rejected).toBeGreaterThan(15)
  })
})
