import type { Exchange } from '../../src/core/events.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Allow, Deny, Slow, Verdict } from '../../src/core/verdict.ts'

type Sketch<V extends Verdict> = Pick<V, 'kind'> & Partial<V>

/** An exchange that ended with the given verdict. */
export function exchangeWith(
  verdict:
    | Sketch<Allow>
    | (Sketch<Deny> & Pick<Deny, 'status' | 'because'>)
    | (Sketch<Slow> & Pick<Slow, 'status' | 'retryAfterMs'>),
  overrides: Partial<Exchange> = {},
): Exchange {
  const base = { findings: [], score: 0.9, referenceId: 'ref-1', mode: 'enforce' } as const
  return {
    atMs: 1_700_000_000_000,
    clientId: 'address:198.51.100.7',
    service: 'api',
    method: 'GET',
    route: '/orders/{int}',
    verdict: { ...base, ...verdict } as Verdict,
    status: verdict.kind === 'allow' ? 200 : (verdict.status ?? 403),
    durationMs: 12.5,
    ...overrides,
  }
}

export function findingOf(overrides: Partial<Finding> = {}): Finding {
  return {
    layer: 'innate',
    source: 'sqli-110',
    field: { service: 'api', method: 'GET', route: '/orders/{int}', location: 'query', name: 'q' },
    score: 0.9,
    reason: 'The value holds a union select.',
    ...overrides,
  }
}
