import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Benchmark, quantile, runBenchmark } from './benchmark.ts'

/** A benchmark whose sides move a hand-driven stopwatch by fixed costs. */
function fakeBenchmark(
  baselineMs: number,
  candidateMs: number,
): { benchmark: Benchmark; now: () => number; calls: string[] } {
  let nowMs = 0
  const calls: string[] = []
  const side = (name: string, costMs: number) => ({
    name,
    run: () => {
      calls.push(name)
      nowMs += costMs
    },
  })
  const benchmark = {
    name: 'fake',
    opsPerRun: 10,
    baseline: side('old', baselineMs),
    candidate: side('new', candidateMs),
  }
  return { benchmark, now: () => nowMs, calls }
}

const effort = { rounds: 4, roundMs: 1, warmUpMs: 1 }

describe('runBenchmark', () => {
  it('reports nanoseconds per operation and the ratio to the baseline', () => {
    const { benchmark, now } = fakeBenchmark(2, 1)
    const result = runBenchmark(benchmark, effort, now)
    expect(result).toMatchObject({ name: 'fake', baseline: 'old', candidate: 'new', rounds: 4 })
    expect(result.ns).toBeCloseTo(100_000, 5)
    expect(result.baselineNs).toBeCloseTo(200_000, 5)
    expect(result.ratio).toBeCloseTo(0.5, 9)
    expect(result.spread).toBeCloseTo(0, 9)
  })

  it('alternates which side goes first', () => {
    const { benchmark, now, calls } = fakeBenchmark(1, 1)
    runBenchmark(benchmark, effort, now)
    expect(calls.slice(2)).toEqual(['old', 'new', 'new', 'old', 'old', 'new', 'new', 'old'])
  })

  it('refuses a benchmark without operations and an effort without rounds', () => {
    const { benchmark, now } = fakeBenchmark(1, 1)
    expect(() => runBenchmark({ ...benchmark, opsPerRun: 0 }, effort, now)).toThrow('opsPerRun is 0')
    expect(() => runBenchmark(benchmark, { ...effort, rounds: 0 }, now)).toThrow('rounds is 0')
  })
})

describe('quantile', () => {
  it('stays within the values and grows with the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, left, right) => {
          const low = quantile(values, Math.min(left, right))
          const high = quantile(values, Math.max(left, right))
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6)
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-6)
          expect(low).toBeLessThanOrEqual(high + 1e-6)
        },
      ),
    )
  })
})
