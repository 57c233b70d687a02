/**
 * How improbable a residual is on this service: from the body of held-out residuals their ranks, beyond a high quantile
 * a generalised Pareto tail (Pickands 1975; probability-weighted moments of Hosking and Wallis 1987).
 *
 *   residual   r0 <= r1 <= ... <= threshold | excess over the threshold
 *   surprise   -ln of the share of benign traffic at or above it, without a jump at the threshold
 */
export type Tail = {
  /** Ascending; the last one is where the tail begins. */
  readonly residuals: Float32Array
  /** Surprise at each of them, in nats; not falling. */
  readonly surprises: Float32Array
  readonly scale: number
  readonly shape: number
}

const points = 48
const tailShare = 0.1
const minTail = 8
/** A heavy tail that thin data cannot contradict: surprise grows slowly there. */
const priorShape = 0.3
const priorWeight = 30
const leastShape = 0.05
const largestShape = 0.9
const minScale = 1e-6

/** Fits the tail of at least 20 residuals of benign traffic that trained nothing. */
export function fitTail(residuals: Float32Array): Tail {
  const sorted = residuals.toSorted()
  const count = sorted.length
  if (count < 20) throw new RangeError(`${count} residuals are too few for a tail, expected at least 20`)
  const inTail = Math.max(minTail, Math.round(count * tailShare))
  const first = count - inTail
  const threshold = sorted[first - 1] as number
  const excesses = sorted.subarray(first).map((residual) => residual - threshold)
  const { scale, shape } = fitExcesses(excesses)
  const body = Math.min(points, first)
  const places = Array.from({ length: body }, (_, point) => Math.round((point * (first - 1)) / Math.max(1, body - 1)))
  return {
    residuals: Float32Array.from(places, (place) => sorted[place] as number),
    // One more than there are: no residual is certain not to occur.
    surprises: Float32Array.from(places, (place) => -Math.log((count - place) / (count + 1))),
    scale,
    shape,
  }
}

/** Surprise of a residual in nats: 7 is one in a thousand. Never falls when the residual grows. */
export function surpriseAt(tail: Tail, residual: number): number {
  const { residuals, surprises } = tail
  const last = residuals.length - 1
  const threshold = residuals[last] as number
  if (residual >= threshold) {
    const excess = (residual - threshold) / tail.scale
    return (surprises[last] as number) + Math.log1p(tail.shape * excess) / tail.shape
  }
  if (!(residual > (residuals[0] as number))) return 0
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((residuals[middle] as number) <= residual) low = middle
    else high = middle
  }
  const from = residuals[low] as number
  const share = (residual - from) / Math.max(Number.MIN_VALUE, (residuals[high] as number) - from)
  return (surprises[low] as number) + share * ((surprises[high] as number) - (surprises[low] as number))
}

/** Ascending excesses to scale and shape; few of them leave the shape near the prior. */
function fitExcesses(excesses: Float32Array): { readonly scale: number; readonly shape: number } {
  const count = excesses.length
  let mean = 0
  let weighted = 0
  for (let rank = 0; rank < count; rank += 1) {
    const excess = excesses[rank] as number
    mean += excess / count
    weighted += ((1 - (rank + 0.65) / count) * excess) / count
  }
  const difference = mean - 2 * weighted
  const fitted = difference > 1e-9 ? 2 - mean / difference : priorShape
  const pooled = (count * fitted + priorWeight * priorShape) / (count + priorWeight)
  const shape = Math.min(largestShape, Math.max(leastShape, Number.isFinite(pooled) ? pooled : priorShape))
  return { shape, scale: Math.max(minScale, mean * (1 - shape)) }
}
