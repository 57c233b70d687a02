import type { TailPrior } from '../../src/adaptive/score-model.ts'

/** Log-odds of a service's ordinary requests. */
export type Ordinary = { readonly group: string; readonly scores: readonly number[] }

/** This share of all ordinary requests lies above the threshold from which the tail is modelled. */
const tailShare = 0.05
const minRequests = 20

/**
 * What is believed of a service that nobody knows, from services that were each scored with weights fitted without them:
 * by the share of requests above the threshold (a beta belief, by moments) and by how their excess falls off (a gamma
 * belief, by the greatest marginal likelihood over a grid).
 */
export function fitTail(services: readonly Ordinary[]): TailPrior {
  const known = services.filter(({ scores }) => scores.length >= minRequests)
  // Every service counts the same, however much traffic it has.
  const pooled = known.flatMap(({ scores }) => scores.map((score) => ({ score, mass: 1 / Math.sqrt(scores.length) })))
  const threshold = weightedQuantile(pooled, 1 - tailShare)
  const tails = known.map(({ scores }) => {
    const above = scores.filter((score) => score >= threshold)
    return { n: scores.length, above: above.length, excess: above.reduce((sum, score) => sum + score - threshold, 0) }
  })
  return { threshold: rounded(threshold), ...fitShare(tails), ...fitExcess(tails) }
}

type Tail = { readonly n: number; readonly above: number; readonly excess: number }

function fitShare(tails: readonly Tail[]): Pick<TailPrior, 'above' | 'below'> {
  return best([0.3, 0.5, 1, 2, 3, 5, 8, 13, 20], [5, 10, 20, 40, 80, 160, 320, 640], (above, below) =>
    tails.reduce(
      (sum, { n, above: k }) =>
        sum +
        logGamma(above + k) +
        logGamma(below + n - k) -
        logGamma(above + below + n) -
        (logGamma(above) + logGamma(below) - logGamma(above + below)),
      0,
    ),
  ).as((above, below) => ({ above, below }))
}

function fitExcess(tails: readonly Tail[]): Pick<TailPrior, 'shape' | 'scale'> {
  const shapes = [1.5, 2, 3, 4, 6, 8, 12, 16, 24]
  const means = [0.5, 0.7, 1, 1.3, 1.6, 2, 2.5, 3, 4]
  return best(shapes, means, (shape, mean) => {
    const scale = shape * mean
    return tails.reduce(
      (sum, { above: k, excess }) =>
        sum + logGamma(shape + k) - logGamma(shape) + shape * Math.log(scale) - (shape + k) * Math.log(scale + excess),
      0,
    )
  }).as((shape, mean) => ({ shape, scale: rounded(shape * mean) }))
}

/** The pair of a grid with the greatest likelihood. */
function best(
  firsts: readonly number[],
  seconds: readonly number[],
  likelihood: (first: number, second: number) => number,
): { as: <T>(make: (first: number, second: number) => T) => T } {
  let most = Number.NEGATIVE_INFINITY
  let pair: readonly [number, number] = [0, 0]
  for (const first of firsts) {
    for (const second of seconds) {
      const value = likelihood(first, second)
      if (value <= most) continue
      most = value
      pair = [first, second]
    }
  }
  return { as: (make) => make(pair[0], pair[1]) }
}

function weightedQuantile(points: readonly { readonly score: number; readonly mass: number }[], share: number): number {
  const sorted = points.toSorted((a, b) => a.score - b.score)
  const total = sorted.reduce((sum, { mass }) => sum + mass, 0)
  let passed = 0
  for (const { score, mass } of sorted) {
    passed += mass
    if (passed >= share * total) return score
  }
  return sorted.at(-1)?.score ?? 0
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

/** Logarithm of the gamma function (Lanczos 1964, g = 7 with nine terms), right to about 1e-13. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const series = lanczos.reduce((sum, term, index) => sum + (index === 0 ? term : term / (x - 1 + index)), 0)
  const base = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
