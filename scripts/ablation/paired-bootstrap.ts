import type { Random } from '../../src/core/random.ts'
import type { ScoredCase, Track } from '../../src/replay/figures.ts'

/** What is compared; a difference is with all components minus without one. */
export const measures = ['tprAt0001', 'tprAt001', 'deployedTpr', 'deployedFpr'] as const
export type MeasureName = (typeof measures)[number]
/** In the order of `measures`; NaN where there was nothing to count. */
export type Measures = readonly number[]

/** The cases of one judge, sorted once so that every resample is read off in one walk. */
export type Judge = {
  readonly benign: readonly number[]
  readonly attacks: readonly number[]
  readonly scores: readonly number[]
  readonly refused: readonly boolean[]
}

export function judgeOf(cases: readonly ScoredCase[], track: Track): Judge {
  const order = (label: ScoredCase['label']) =>
    cases
      .flatMap((entry, index) => (entry.label === label ? [index] : []))
      .toSorted((a, b) => (track.scores[b] ?? 0) - (track.scores[a] ?? 0))
  return { benign: order('benign'), attacks: order('attack'), scores: track.scores, refused: track.refused }
}

/** Figures of cases that count as often as `weights` says. */
export function measuresOf(judge: Judge, weights: Uint32Array): Measures {
  const { benign, attacks } = judge
  const benignCount = total(benign, weights)
  const attackCount = total(attacks, weights)
  const above = (fpr: number) => {
    if (benignCount === 0) return Number.NaN
    const threshold = weightedThreshold(judge, weights, Math.floor(fpr * benignCount + 1e-9))
    return total(attacks, weights, (index) => (judge.scores[index] ?? 0) > threshold) / attackCount
  }
  const isRefused = (index: number) => judge.refused[index] === true
  return [
    above(0.001),
    above(0.01),
    total(attacks, weights, isRefused) / attackCount,
    total(benign, weights, isRefused) / benignCount,
  ]
}

/** The score that no more than `allowed` benign cases exceed: `thresholdAt` of the evaluation, with weights. */
function weightedThreshold({ benign, scores }: Judge, weights: Uint32Array, allowed: number): number {
  let count = 0
  for (const index of benign) {
    count += weights[index] ?? 0
    if (count > allowed) return scores[index] ?? 0
  }
  return Number.NEGATIVE_INFINITY
}

function total(indexes: readonly number[], weights: Uint32Array, counts?: (index: number) => boolean): number {
  let sum = 0
  for (const index of indexes) if (counts === undefined || counts(index)) sum += weights[index] ?? 0
  return sum
}

/** The cases by group: resamples draw groups and then requests within, since requests of one site are alike. */
export function groupsOf(cases: readonly ScoredCase[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>()
  for (const [index, { group }] of cases.entries()) {
    const members = groups.get(group) ?? []
    groups.set(group, members)
    members.push(index)
  }
  return [...groups.values()]
}

/** How often each case occurs in one resample (B. Efron, 1979), drawn in two stages where there are several groups. */
export function resample(groups: readonly (readonly number[])[], size: number, random: Random): Uint32Array {
  const weights = new Uint32Array(size)
  for (let draw = 0; draw < groups.length; draw += 1) {
    const group = groups[Math.floor(random() * groups.length)] ?? []
    for (let count = 0; count < group.length; count += 1) {
      const index = group[Math.floor(random() * group.length)] ?? 0
      weights[index] = (weights[index] ?? 0) + 1
    }
  }
  return weights
}

export type Pair = { readonly cases: readonly ScoredCase[]; readonly full: Track; readonly without: Track }
export type Delta = { readonly point: number; readonly low: number; readonly high: number }

/** Differences of one pair of runs over the same cases: on the cases themselves, and on resamples of them. */
export function deltasOf(
  pair: Pair,
  options: { readonly resamples: number; readonly random: Random },
): { readonly points: Measures; readonly draws: readonly Measures[] } {
  const { cases } = pair
  const full = judgeOf(cases, pair.full)
  const without = judgeOf(cases, pair.without)
  const difference = (weights: Uint32Array): Measures => {
    const lesser = measuresOf(without, weights)
    return measuresOf(full, weights).map((value, index) => value - (lesser[index] ?? Number.NaN))
  }
  const groups = groupsOf(cases)
  const draws = Array.from({ length: options.resamples }, () =>
    difference(resample(groups, cases.length, options.random)),
  )
  return { points: difference(new Uint32Array(cases.length).fill(1)), draws }
}

/** Mean of the points and the central 95 % of all draws; `null` where there is nothing to compare. */
export function summarize(
  runs: readonly { readonly points: Measures; readonly draws: readonly Measures[] }[],
  name: MeasureName,
): Delta | null {
  const at = measures.indexOf(name)
  const points = runs.map(({ points: values }) => values[at] ?? Number.NaN)
  const draws = runs.flatMap((run) => run.draws.map((values) => values[at] ?? Number.NaN)).filter(Number.isFinite)
  const point = points.reduce((sum, value) => sum + value, 0) / points.length
  if (!Number.isFinite(point) || draws.length === 0) return null
  const sorted = draws.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? point
  return { point, low: quantile(0.025), high: quantile(0.975) }
}
