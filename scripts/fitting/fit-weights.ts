import type { Point, Sample } from './material.ts'

/** Bias, then one weight for each figure of a point. */
export type Weights = readonly [bias: number, masked: number, rarity: number, type: number, surprise: number]

/** The score begins here: a request without anything foreign. */
const nothing: Point = [0, 0, 0, 0]
const rounds = 6
const steps = 500
const shrinkage = 1e-3

export const logOdds = (weights: Weights, point: Point): number =>
  weights[0] + weights[1] * point[0] + weights[2] * point[1] + weights[3] * point[2] + weights[4] * point[3]

/** A request counts by its most foreign point. */
export function scoreOf(weights: Weights, { points }: Sample): number {
  return logOdds(weights, mostForeign(weights, points))
}

function mostForeign(weights: Weights, points: readonly Point[]): Point {
  let best = nothing
  for (const point of points) if (logOdds(weights, point) > logOdds(weights, best)) best = point
  return best
}

/**
 * Logistic regression where a request is known by its most foreign value: choosing that value and fitting the weights
 * alternate (multiple instance learning). Both classes weigh the same; within a class a service weighs by the square
 * root of its requests. Weights do not turn negative. Adam (Kingma and Ba 2015) over all requests at once.
 */
export function fitWeights(samples: readonly Sample[]): Weights {
  const masses = massesOf(samples)
  let weights: Weights = [-8, 0.8, 0.8, 0.8, 0.8]
  for (let round = 0; round < rounds; round += 1) {
    const chosen = samples.map(({ points }) => mostForeign(weights, points))
    weights = descend(weights, { samples, chosen, masses })
  }
  return weights
}

type Batch = {
  readonly samples: readonly Sample[]
  readonly chosen: readonly Point[]
  readonly masses: readonly number[]
}

function descend(start: Weights, batch: Batch): Weights {
  const weights = [...start]
  const mean = [0, 0, 0, 0, 0]
  const square = [0, 0, 0, 0, 0]
  for (let step = 1; step <= steps; step += 1) {
    const gradient = gradientOf(weights as unknown as Weights, batch)
    for (let index = 0; index < 5; index += 1) {
      const slope = gradient[index] ?? 0
      mean[index] = 0.9 * (mean[index] ?? 0) + 0.1 * slope
      square[index] = 0.999 * (square[index] ?? 0) + 0.001 * slope * slope
      const move =
        (mean[index] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((square[index] ?? 0) / (1 - 0.999 ** step)) + 1e-9)
      const next = (weights[index] ?? 0) - 0.03 * move
      weights[index] = index === 0 ? next : Math.max(0, next)
    }
  }
  return weights as unknown as Weights
}

function gradientOf(weights: Weights, { samples, chosen, masses }: Batch): number[] {
  const gradient = [0, shrinkage * weights[1], shrinkage * weights[2], shrinkage * weights[3], shrinkage * weights[4]]
  for (let index = 0; index < samples.length; index += 1) {
    const point = chosen[index] ?? nothing
    const expected = samples[index]?.isAttack === true ? 1 : 0
    const error = (1 / (1 + Math.exp(-logOdds(weights, point))) - expected) * (masses[index] ?? 0)
    gradient[0] = (gradient[0] ?? 0) + error
    for (let figure = 0; figure < 4; figure += 1) {
      gradient[figure + 1] = (gradient[figure + 1] ?? 0) + error * (point[figure] ?? 0)
    }
  }
  return gradient
}

function massesOf(samples: readonly Sample[]): readonly number[] {
  const counts = new Map<string, number>()
  const keyOf = ({ group, isAttack }: Sample): string => `${isAttack} ${group}`
  for (const sample of samples) counts.set(keyOf(sample), (counts.get(keyOf(sample)) ?? 0) + 1)
  const raw = samples.map((sample) => 1 / Math.sqrt(counts.get(keyOf(sample)) ?? 1))
  const totals = { attack: 0, benign: 0 }
  for (const [index, { isAttack }] of samples.entries()) totals[isAttack ? 'attack' : 'benign'] += raw[index] ?? 0
  return samples.map(({ isAttack }, index) => (raw[index] ?? 0) / totals[isAttack ? 'attack' : 'benign'])
}
