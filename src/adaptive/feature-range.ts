/** Smallest and largest feature of an ordered aspect that is self, how often one of them moved, how many there are. */
export type FeatureRange = { least: number; most: number; records: number; kinds: number }

export const createFeatureRange = (): FeatureRange => ({ least: -1, most: -1, records: 0, kinds: 0 })

/** Takes in a feature that became self. */
export function widen(range: FeatureRange, feature: number): void {
  range.kinds += 1
  if (range.least !== -1 && feature >= range.least && feature <= range.most) return
  range.records += 1
  range.least = range.least === -1 ? feature : Math.min(range.least, feature)
  range.most = Math.max(range.most, feature)
}
