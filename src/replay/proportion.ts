/** Lower and upper end of a 95 % interval. */
export type Interval = readonly [low: number, high: number]

const z = 1.959964 // normal quantile of 97.5 %

/** Wilson score interval of a share (E. B. Wilson, 1927): honest for few samples and for shares near 0 and 1. */
export function wilsonInterval(hits: number, total: number): Interval | null {
  if (total === 0) return null
  const share = hits / total
  const scale = 1 + (z * z) / total
  const centre = (share + (z * z) / (2 * total)) / scale
  const margin = (z / scale) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  return [hits === 0 ? 0 : Math.max(0, centre - margin), hits === total ? 1 : Math.min(1, centre + margin)]
}

/** Share of `total`, `null` when there is nothing to divide by: no figure is better than a made-up one. */
export function share(hits: number, total: number): number | null {
  return total === 0 ? null : hits / total
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
