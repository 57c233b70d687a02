import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRateLimits } from '../../src/innate/rate-limits.ts'

const options = { requestsPerSecond: 10, burst: 5, routeRequestsPerSecond: 4, routeBurst: 3, maxClients: 100 }

/** No stretch of time holds more admissions than the burst plus the rate times its length. */
function expectBounded(admittedMs: readonly number[], { rate, burst }: { rate: number; burst: number }): void {
  for (const [from, startMs] of admittedMs.entries()) {
    for (const [more, endMs] of admittedMs.slice(from).entries()) {
      expect(more + 1).toBeLessThanOrEqual(burst + (rate * (endMs - startMs)) / 1_000 + 1e-6)
    }
  }
}

describe('rate limits', () => {
  it('admit a burst, then say how long to wait, then admit again', () => {
    const limits = createRateLimits({ ...options, routeRequestsPerSecond: null })
    const waits = Array.from({ length: 6 }, () => limits.take('a', 'r', 1_000))
    expect(waits).toEqual([0, 0, 0, 0, 0, 100])
    expect(limits.take('a', 'r', 1_099)).toBe(1)
    expect(limits.take('a', 'r', 1_100)).toBe(0)
  })

  it('keep clients and routes apart', () => {
    const limits = createRateLimits(options)
    for (let index = 0; index < 3; index += 1) expect(limits.take('a', 'one', 0)).toBe(0)
    expect(limits.take('a', 'one', 0)).toBe(250)
    expect(limits.take('a', 'two', 0)).toBe(0)
    expect(limits.take('b', 'one', 0)).toBe(0)
  })

  it('take no token from one bucket when the other is empty', () => {
    const limits = createRateLimits({ ...options, burst: 4, routeBurst: 3 })
    for (let index = 0; index < 3; index += 1) limits.take('a', 'one', 0)
    for (let index = 0; index < 9; index += 1) expect(limits.take('a', 'one', 0)).toBeGreaterThan(0)
    expect(limits.take('a', 'two', 0)).toBe(0)
  })

  it('limit nothing when both rates are null', () => {
    const limits = createRateLimits({ ...options, requestsPerSecond: null, routeRequestsPerSecond: null })
    for (let index = 0; index < 1_000; index += 1) expect(limits.take('a', 'r', 0)).toBe(0)
  })

  it('refuse rates and bursts that are not above 0', () => {
    expect(() => createRateLimits({ ...options, requestsPerSecond: 0 })).toThrow(RangeError)
    expect(() => createRateLimits({ ...options, routeBurst: -1 })).toThrow(/burst is -1/)
  })

  it('refill nothing when the clock steps back', () => {
    const limits = createRateLimits({ ...options, routeRequestsPerSecond: null })
    for (let index = 0; index < 5; index += 1) limits.take('a', 'r', 10_000)
    expect(limits.take('a', 'r', 0)).toBeGreaterThan(0)
    expect(limits.take('a', 'r', 10_000)).toBeGreaterThan(0)
  })

  it('never admit more than the burst plus the rate over any time', () => {
    const step = fc.record({ waitMs: fc.nat(400), times: fc.integer({ min: 1, max: 12 }) })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(step, { minLength: 1, maxLength: 30 }),
        (rate, burst, steps) => {
          const limits = createRateLimits({ ...options, requestsPerSecond: rate, burst, routeRequestsPerSecond: null })
          const admitted: number[] = []
          let nowMs = 0
          for (const { waitMs, times } of steps) {
            nowMs += waitMs
            for (let index = 0; index < times; index += 1) if (limits.take('a', 'r', nowMs) === 0) admitted.push(nowMs)
          }
          expectBounded(admitted, { rate, burst })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('admit again after the time that they said', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 80, noNaN: true }), fc.integer({ min: 1, max: 9 }), (rate, burst) => {
        const limits = createRateLimits({ ...options, requestsPerSecond: rate, burst, routeRequestsPerSecond: null })
        for (let index = 0; index < burst; index += 1) limits.take('a', 'r', 0)
        const waitMs = limits.take('a', 'r', 0)
        expect(waitMs).toBeGreaterThan(0)
        expect(limits.take('a', 'r', waitMs)).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
