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
  /**
   * Calibrated log-odds of a sum of `s` log-odds: `slope * s + offset`, as if attacks and harmless values were equally
   * likely beforehand; `prior` is the log-odds by which harmless values are taken to outnumber attacks.
   */
  readonly calibration: { readonly slope: number; readonly offset: number; readonly prior: number }
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

/**
 * What speaks against a value counts once within so many symbols: repetition is no further evidence, or any long record
 * of an odd form would add up. What speaks for it always counts.
 */
export const refractory = 64

/** When each detector, or state of the token machine, last reacted, counted in symbols of all values so far. */
export type Recency = Int32Array

export const createRecency = (size: number): Recency => new Int32Array(size).fill(-refractory)

/** Notes that a detector reacts now; whether it had rested before. */
export function isRested(recency: Recency, detector: number, now: number): boolean {
  const before = recency[detector] as number
  recency[detector] = now
  return now - before >= refractory
}

const latest = 2 ** 30

/** The time at which the next part of a value may begin: nothing from before it counts as recent. */
export function nextTime(now: number, ...recencies: readonly Recency[]): number {
  if (now < latest) return now + refractory
  for (const recency of recencies) recency.fill(-refractory)
  return 0
}
