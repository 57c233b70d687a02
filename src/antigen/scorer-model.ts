/** What `scripts/train-scorer.ts` makes and `models/frozen-scorer` holds. Weights are whole numbers of `scale` log-odds. */
export type ScorerModel = {
  /** There are `2 ** bits` n-gram buckets. */
  readonly bits: number
  /** One weight a bucket. */
  readonly weights: Int8Array
  /** Log-odds of one unit of weight. */
  readonly scale: number
  /** Added at every symbol, below zero: a stretch of text has to earn its length. */
  readonly drift: number
  /** Never below zero. */
  readonly tokens: readonly { readonly text: string; readonly weight: number }[]
  /** Calibrated log-odds of a sum of `s` log-odds: `slope * s + offset`. */
  readonly calibration: { readonly slope: number; readonly offset: number }
}

/**
 * Numbers of the n-grams that end with the last of four symbols. `last` holds them at 7 bits each, newest lowest; the
 * multipliers are odd and keep the three lengths apart.
 */
export const bucketOf2 = (last: number, shift: number): number => Math.imul(last & 0x3fff, 0x9e3779b1) >>> shift
export const bucketOf3 = (last: number, shift: number): number => Math.imul(last & 0x1fffff, 0x85ebca6b) >>> shift
export const bucketOf4 = (last: number, shift: number): number => Math.imul(last & 0xfffffff, 0xc2b2ae35) >>> shift

/** Token detectors are numbered after the n-gram detectors. */
export const tokenDetector = (model: Pick<ScorerModel, 'bits'>, token: number): number => 2 ** model.bits + token
