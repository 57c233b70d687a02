import type { ScoreModel, TailPrior } from './score-model.ts'
import { type SavedTailSource, TailSources } from './tail-sources.ts'

/** What one service has shown of the tail, as plain data. */
export type SavedTail = {
  readonly requests: number
  readonly above: number
  readonly excess: number
  readonly seen: number
  /** The same of sources that nobody vouches for. */
  readonly sources: SavedTailSource[]
}

/** Below this many requests a service may only widen what is expected of it. */
const minNarrowing = 1_000
/** Requests after which older ones count half, for the first time; then with every doubling, up to the longest step. */
const firstFade = 64
const longestFade = 20_000

/**
 * Turns log-odds into the expected rate of false alarms: the share of this service's ordinary requests that score as
 * high or higher. Beyond a threshold the excess of ordinary requests falls off exponentially at an unknown rate; with a
 * gamma belief about that rate the prediction is a generalised Pareto distribution (Pickands 1975), heavy-tailed while
 * little is known and thinner as the service shows more:
 *
 *   P(Z >= z) = share * (scale / (scale + z - threshold)) ^ shape
 *
 * Learns only from requests that were admitted as self, each scored before it was learned: self held out in time. What
 * is known of a service makes its novelties more surprising, so that early scores understate those of today: with every
 * doubling of the requests older ones count half, and those beyond the threshold grow by what a doubling adds.
 */
export class ServiceTail {
  readonly #prior: TailPrior
  /** Where the score begins: log-odds without any evidence, which every request reaches. */
  readonly #floor: number
  #requests = 0
  #above = 0
  #excess = 0
  /** All requests observed. */
  #seen = 0
  readonly #growth: number
  readonly #isFixed: boolean
  readonly #sources: TailSources
  /** `null` after a change. */
  #belief: TailPrior | null = null

  /** Of fewer than `minSources` sources nothing is believed that others do not show. */
  constructor({ weights, tail, isFixed = false }: ScoreModel, minSources = 1) {
    this.#isFixed = isFixed
    this.#sources = new TailSources(minSources - 1)
    this.#prior = tail
    this.#floor = Math.min(weights.bias, tail.threshold - 1)
    this.#growth = weights.surprise * Math.LN2
  }

  get requests(): number {
    return this.#requests
  }

  /** Takes in the log-odds of an ordinary request; `source` is `null` where somebody vouches for it. */
  observe(logOdds: number, source: number | null = null): void {
    if (this.#isFixed) return
    this.#belief = null
    this.#seen += 1
    this.#requests += 1
    if (isFadeDue(this.#seen)) this.#fade()
    const excess = logOdds - this.#prior.threshold
    if (excess < 0) return
    if (source !== null) {
      this.#sources.add(source, excess)
      return
    }
    this.#above += 1
    this.#excess += excess
  }

  /** Expected share of this service's ordinary requests with such log-odds or more, in 0..1. Falls as they rise. */
  rateOf(logOdds: number): number {
    const prior = rateBy(this.#prior, this.#floor, logOdds)
    if (this.#requests === 0) return prior
    this.#belief ??= this.#believe()
    const own = rateBy(this.#belief, this.#floor, logOdds)
    return this.#requests < minNarrowing ? Math.max(prior, own) : own
  }

  toJSON(): SavedTail {
    return {
      requests: this.#requests,
      above: this.#above,
      excess: this.#excess,
      seen: this.#seen,
      sources: this.#sources.toJSON(),
    }
  }

  restore({ requests, above, excess, seen, sources }: SavedTail): void {
    this.#belief = null
    this.#sources.restore(sources)
    this.#requests = requests
    this.#above = above
    this.#excess = excess
    this.#seen = seen
  }

  #believe(): TailPrior {
    const { threshold, above, below, shape, scale } = this.#prior
    const strangers = this.#sources.totals()
    const shown = this.#above + strangers.above
    return {
      threshold,
      above: above + shown,
      below: below + this.#requests - shown,
      shape: shape + shown,
      scale: scale + this.#excess + strangers.excess,
    }
  }

  #fade(): void {
    this.#requests /= 2
    this.#excess = (this.#excess + this.#above * this.#growth) / 2
    this.#above /= 2
    this.#sources.fade(this.#growth)
  }
}

const isFadeDue = (seen: number): boolean =>
  seen < longestFade ? seen >= firstFade && Number.isInteger(Math.log2(seen / firstFade)) : seen % longestFade === 0

function rateBy({ threshold, above, below, shape, scale }: TailPrior, floor: number, logOdds: number): number {
  const share = above / (above + below)
  if (logOdds >= threshold) return share * (scale / (scale + logOdds - threshold)) ** shape
  return share ** (Math.max(0, logOdds - floor) / (threshold - floor))
}

/** A rate from which a finding speaks up: a score of 0.5. */
const speakingRate = 0.015

/**
 * The score of a finding from its rate, on the scale of the other layers. From 0.5 on it falls short of 1 by 33 times the
 * rate: 0.5 stands for one false alarm in 67 requests, 0.8 for one in 150, 0.97 for one in 1,100. What is more common than
 * that is a hint, whose score only keeps the order.
 */
export const scoreOfRate = (rate: number): number =>
  rate <= speakingRate ? 1 - (0.5 * rate) / speakingRate : (0.5 * Math.log(rate)) / Math.log(speakingRate)
