import type { ScorerModel } from './scorer-model.ts'
import { createReactions, type Reaction } from './scorer-reactions.ts'

/**
 * One detector of the inherited repertoire at one place of a value. Its number says which: an n-gram bucket, or from
 * `2 ** bits` on a token.
 */
export type Contribution = {
  readonly detector: number
  /** Log-odds that it adds, before calibration. */
  readonly weight: number
  /** What it saw, folded. */
  readonly text: string
  readonly isToken: boolean
  /** Where the n-gram or token ends, exclusive. */
  readonly end: number
}

/** The worst stretch of a value, with what speaks for and against it there. */
export type Evidence = {
  /** Calibrated log-odds; what `score` says when nothing is silenced. */
  readonly logOdds: number
  readonly start: number
  readonly end: number
  /** Folded symbols in it; each costs the drift of the model. */
  readonly symbols: number
  readonly contributions: readonly Contribution[]
}

/** The slow and telling sides of the scorer: for explanations, and for masking by self. */
export type ScorerEvidence = {
  /** Every detector that reacts to a text, repeated ones perhaps left out: what self silences (negative selection). */
  readonly detectors: (text: string, visit: (detector: number, weight: number) => void) => void
  /** The worst stretch when the detectors above zero that `isSilenced` names say nothing. */
  readonly explain: (text: string, isSilenced?: (detector: number) => boolean) => Evidence
}

const ignore = (): void => {}
const silenceNone = (): boolean => false

export function createScorerEvidence(model: ScorerModel): ScorerEvidence {
  const { scale, calibration, drift } = model
  const reactions = createReactions(model)
  return {
    detectors: (text, visit) => {
      const react = ({ detector, weight }: Reaction): void => visit(detector, weight * scale)
      reactions(text, { begin: ignore, symbol: ignore, done: ignore, react })
    },
    explain: (text, isSilenced = silenceNone) => {
      const search = createSearch(drift, scale)
      reactions(text, {
        ...search,
        react: (reaction) => {
          if (reaction.weight < 0 || !isSilenced(reaction.detector)) search.react(reaction)
        },
      })
      const { value, from, to, ...rest } = search.best()
      return {
        ...rest,
        logOdds: value * scale * calibration.slope + calibration.offset,
        end: Math.min(rest.end, text.length),
        contributions: search.contributions.slice(from, to),
      }
    },
  }
}

/** A stretch of symbols: its sum, its place in the text, its contributions from `from` to `to`. */
type Stretch = {
  readonly value: number
  readonly start: number
  readonly end: number
  readonly symbols: number
  readonly from: number
  readonly to: number
}

const nothing: Stretch = { value: 0, start: 0, end: 0, symbols: 0, from: 0, to: 0 }

/** Keeps the stretch with the largest sum so far, and all that may belong to it. */
function createSearch(drift: number, scale: number) {
  const contributions: Contribution[] = []
  let best = nothing
  let value = 0
  let start = 0
  let from = 0
  let symbols = 0
  let here = 0
  return {
    contributions,
    best: (): Stretch => best,
    begin: (): void => {
      value = 0
    },
    symbol: (at: number): void => {
      if (value <= 0) {
        value = 0
        start = at
        from = contributions.length
        symbols = 0
      }
      here = at
      value += drift
      symbols += 1
    },
    react: ({ detector, weight, text, isToken }: Reaction): void => {
      value += weight
      if (weight !== 0) contributions.push({ detector, weight: weight * scale, text, isToken, end: here + 1 })
    },
    done: (at: number): void => {
      if (value > best.value) best = { value, start, end: at + 1, symbols, from, to: contributions.length }
    },
  }
}
