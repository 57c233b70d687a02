import { BoundedMap } from '../core/bounded-map.ts'
import type { RateLimits } from './innate.ts'

export type RateLimitOptions = {
  /** Sustained rate of one client; `null` for no limit. */
  readonly requestsPerSecond: number | null
  readonly burst: number
  /** Sustained rate of one client on one route; `null` for no limit. */
  readonly routeRequestsPerSecond: number | null
  readonly routeBurst: number
  /** Clients followed at once; those not seen of late leave first and start anew. */
  readonly maxClients: number
  /** Pairs of client and route followed at once; four times the clients when left out. */
  readonly maxClientRoutes?: number
}

/** Sums of fractions are not exact; a billionth of a token is no advantage. */
const tolerance = 1e-9

/** Tokens at `atMs`; refilled on the next visit. */
type Bucket = { tokens: number; atMs: number }

/** Token buckets per client and per client and route. Time is an argument; a clock that steps back refills nothing. */
export function createRateLimits(options: RateLimitOptions): RateLimits {
  const { maxClients, maxClientRoutes = maxClients * 4 } = options
  const perClient = createBuckets({ rate: options.requestsPerSecond, burst: options.burst, capacity: maxClients })
  const perRoute = createBuckets({
    rate: options.routeRequestsPerSecond,
    burst: options.routeBurst,
    capacity: maxClientRoutes,
  })
  return {
    take: (clientId, routeKey, nowMs) => {
      const client = perClient?.refill(clientId, nowMs)
      const route = perRoute?.refill(`${clientId}\n${routeKey}`, nowMs)
      const waitMs = Math.max(
        waitFor(client, options.requestsPerSecond),
        waitFor(route, options.routeRequestsPerSecond),
      )
      if (waitMs > 0) return waitMs
      if (client !== undefined) client.tokens -= 1
      if (route !== undefined) route.tokens -= 1
      return 0
    },
  }
}

type Buckets = { readonly refill: (key: string, nowMs: number) => Bucket }

function createBuckets(options: { rate: number | null; burst: number; capacity: number }): Buckets | null {
  const { rate, burst, capacity } = options
  if (rate === null) return null
  requirePositive('rate', rate)
  requirePositive('burst', burst)
  const buckets = new BoundedMap<string, Bucket>(capacity)
  return {
    refill: (key, nowMs) => {
      const known = buckets.get(key)
      if (known === undefined) {
        const fresh = { tokens: burst, atMs: nowMs }
        buckets.set(key, fresh)
        return fresh
      }
      if (nowMs > known.atMs) {
        known.tokens = Math.min(burst, known.tokens + ((nowMs - known.atMs) * rate) / 1_000)
        known.atMs = nowMs
      }
      return known
    },
  }
}

function requirePositive(what: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value)) throw new RangeError(`${what} is ${value}, expected a number above 0`)
}

/** Whole milliseconds until the bucket holds a token again; 0 when it does. */
function waitFor(bucket: Bucket | undefined, rate: number | null): number {
  if (bucket === undefined || rate === null || bucket.tokens >= 1 - tolerance) return 0
  return Math.max(1, Math.ceil(((1 - bucket.tokens - tolerance) * 1_000) / rate))
}
