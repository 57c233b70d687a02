import type { Interval } from '../../src/replay/proportion.ts'

/** A share in percent with its interval: `99.50 (98.90-99.80)`. */
export function rateText(rate: number | null | undefined, ci: Interval | null | undefined): string {
  if (rate === null || rate === undefined) return '-'
  const percent = (share: number) => (share * 100).toFixed(2)
  return ci === null || ci === undefined ? percent(rate) : `${percent(rate)} (${percent(ci[0])}-${percent(ci[1])})`
}
