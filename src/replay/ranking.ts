/**
 * How well a score tells attacks from benign requests, whatever the threshold. Scores are compared as they are: equal
 * scores cannot be told apart, so no figure pretends that they can.
 */

/** Chance that a random attack scores above a random benign request; a tie counts half (Mann-Whitney U). */
export function areaUnderCurve(benign: readonly number[], attack: readonly number[]): number | null {
  if (benign.length === 0 || attack.length === 0) return null
  const sorted = ascending(benign)
  let wins = 0
  for (const score of attack) {
    const below = countBelow(sorted, score)
    const ties = countAtMost(sorted, score) - below
    wins += below + ties / 2
  }
  return wins / (benign.length * attack.length)
}

/**
 * The score that a request must exceed so that at most `maxFpr` of the benign requests do. No interpolation: with fewer
 * than 1 / `maxFpr` benign requests none may exceed it. `-Infinity` when all of them may.
 */
export function thresholdAt(benign: readonly number[], maxFpr: number): number {
  const descending = ascending(benign).reverse()
  const allowed = Math.floor(maxFpr * benign.length + 1e-9) // 0.01 * 2900 is 28.999...
  return descending[allowed] ?? Number.NEGATIVE_INFINITY
}

export function countAbove(scores: readonly number[], threshold: number): number {
  let above = 0
  for (const score of scores) {
    if (score > threshold) above += 1
  }
  return above
}

function ascending(scores: readonly number[]): Float64Array {
  return Float64Array.from(scores).sort()
}

function countBelow(sorted: Float64Array, score: number): number {
  return partition(sorted, (value) => value < score)
}

function countAtMost(sorted: Float64Array, score: number): number {
  return partition(sorted, (value) => value <= score)
}

/** How many leading values hold a property that the rest does not have. */
function partition(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}
