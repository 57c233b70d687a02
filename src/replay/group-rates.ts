import { type Interval, median, share, wilsonInterval } from './proportion.ts'

/** One rate over the groups, each group counting the same. */
export type GroupRate = {
  readonly median: number | null
  readonly worst: {
    readonly id: string
    readonly n: number
    readonly rate: number
    readonly ci: Interval | null
  } | null
}

export type GroupCount = { readonly id: string; readonly hits: number; readonly n: number }

export function groupRate(counts: readonly GroupCount[], worstIs: 'lowest' | 'highest'): GroupRate {
  const rates = counts.flatMap(({ id, hits, n }) => {
    const rate = share(hits, n)
    return rate === null ? [] : [{ id, n, rate, ci: wilsonInterval(hits, n) }]
  })
  const sign = worstIs === 'lowest' ? 1 : -1
  // Of equal rates the one with the most behind it.
  const worst = rates.toSorted((a, b) => sign * (a.rate - b.rate) || b.n - a.n)[0] ?? null
  return { median: median(rates.map(({ rate }) => rate)), worst }
}
