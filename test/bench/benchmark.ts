/**
 * Measures one hot function against a baseline in the same run. It must not judge: no assertion looks at a clock.
 *
 *   round 1: baseline candidate   round 2: candidate baseline   round 3: baseline candidate ...
 *
 * Absolute figures wander by a factor of two on a shared machine; the ratio of neighbours does not.
 */

/** One side of a comparison. `run` does `opsPerRun` operations, synchronously, and keeps its result alive. */
export type BenchmarkSide = {
  readonly name: string
  readonly run: () => void
}

/** What a `*.bench.ts` file exports as `benchmark`. */
export type Benchmark = {
  /** `room/function: what is measured`; the key in the JSON output. */
  readonly name: string
  /** Operations that one call of either `run` performs, so that figures are per operation. */
  readonly opsPerRun: number
  readonly baseline: BenchmarkSide
  readonly candidate: BenchmarkSide
}

/** How long to measure. */
export type BenchmarkEffort = {
  /** Interleaved pairs of rounds. */
  readonly rounds: number
  /** Least time that one side runs within one round, in milliseconds. */
  readonly roundMs: number
  /** Least time that each side runs before anything counts, in milliseconds. */
  readonly warmUpMs: number
}

export const fullEffort: BenchmarkEffort = { rounds: 15, roundMs: 40, warmUpMs: 200 }
export const quickEffort: BenchmarkEffort = { rounds: 3, roundMs: 10, warmUpMs: 30 }

export type BenchmarkResult = {
  readonly name: string
  readonly baseline: string
  readonly candidate: string
  /** Median nanoseconds per operation of the candidate. */
  readonly ns: number
  /** Median nanoseconds per operation of the baseline. */
  readonly baselineNs: number
  /** Median over the rounds of candidate / baseline: below 1 the candidate is faster. */
  readonly ratio: number
  /** Distance between the first and third quartile of the ratio, as a share of its median. */
  readonly spread: number
  readonly rounds: number
}

/** Milliseconds from a fixed start; injected so that the runner can be tested. */
export type Stopwatch = () => number

const monotonic: Stopwatch = () => performance.now()

/** Runs both sides in turn, the first one alternating, and returns medians over the rounds. */
export function runBenchmark(
  benchmark: Benchmark,
  effort: BenchmarkEffort = fullEffort,
  stopwatch: Stopwatch = monotonic,
): BenchmarkResult {
  checkBenchmark(benchmark, effort)
  const { baseline, candidate, opsPerRun } = benchmark
  const baselineRuns = calibrate(baseline, effort, stopwatch)
  const candidateRuns = calibrate(candidate, effort, stopwatch)
  const baselineNs: number[] = []
  const candidateNs: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < effort.rounds; round += 1) {
    const isBaselineFirst = round % 2 === 0
    const early = isBaselineFirst ? timeRound(baseline, baselineRuns, stopwatch) : 0
    const candidateRoundNs = timeRound(candidate, candidateRuns, stopwatch) / opsPerRun
    const baselineRoundNs = (isBaselineFirst ? early : timeRound(baseline, baselineRuns, stopwatch)) / opsPerRun
    candidateNs.push(candidateRoundNs)
    baselineNs.push(baselineRoundNs)
    ratios.push(candidateRoundNs / baselineRoundNs)
  }
  const ratio = quantile(ratios, 0.5)
  return {
    name: benchmark.name,
    baseline: baseline.name,
    candidate: candidate.name,
    ns: quantile(candidateNs, 0.5),
    baselineNs: quantile(baselineNs, 0.5),
    ratio,
    spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio,
    rounds: effort.rounds,
  }
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

function checkBenchmark(benchmark: Benchmark, effort: BenchmarkEffort): void {
  if (!Number.isInteger(benchmark.opsPerRun) || benchmark.opsPerRun < 1) {
    throw new RangeError(
      `${benchmark.name}: opsPerRun is ${benchmark.opsPerRun}, expected a whole number of at least 1`,
    )
  }
  if (!Number.isInteger(effort.rounds) || effort.rounds < 1) {
    throw new RangeError(`rounds is ${effort.rounds}, expected a whole number of at least 1`)
  }
}

/** Warms a side up and returns how many calls of `run` fill one round. */
function calibrate(side: BenchmarkSide, effort: BenchmarkEffort, stopwatch: Stopwatch): number {
  const startMs = stopwatch()
  let runs = 0
  let elapsedMs = 0
  do {
    side.run()
    runs += 1
    elapsedMs = stopwatch() - startMs
  } while (elapsedMs < effort.warmUpMs)
  return Math.max(1, Math.ceil((runs * effort.roundMs) / Math.max(elapsedMs, 0.001)))
}

/** Nanoseconds per call of `run`. */
function timeRound(side: BenchmarkSide, runs: number, stopwatch: Stopwatch): number {
  const startMs = stopwatch()
  for (let run = 0; run < runs; run += 1) side.run()
  return ((stopwatch() - startMs) * 1e6) / runs
}
