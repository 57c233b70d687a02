import { nameOf } from './scorer-fold.ts'
import {
  bucketOf2,
  bucketOf3,
  bucketOf4,
  createRecency,
  isRested,
  nextTime,
  type ScorerModel,
  tokenDetector,
} from './scorer-model.ts'
import { createTokenMachine } from './scorer-tokens.ts'
import { walk } from './scorer-walk.ts'

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

export type ScorerEvidence = {
  /** Every detector that reacts to a text, repeated ones included: what self silences (negative selection). */
  readonly detectors: (text: string, visit: (detector: number, weight: number) => void) => void
  /** The worst stretch when the detectors above zero that `isSilenced` names say nothing. */
  readonly explain: (text: string, isSilenced?: (detector: number) => boolean) => Evidence
}

type Sum = { value: number; start: number; first: number; symbols: number }

/** The slow and telling sides of the scorer: for explanations, and for masking by self. */
export function createScorerEvidence(model: ScorerModel): ScorerEvidence {
  const { weights, scale, calibration } = model
  const shift = 32 - model.bits
  const machine = createTokenMachine(model.tokens.map(({ text }) => text))

  const grams = createRecency(weights.length)
  const states = createRecency(machine.ends.length * machine.width)
  let now = 0

  type Visit = (detector: number, weight: number, at: number, size: number) => void
  const visitAll = (text: string, visit: Visit, begin: (at: number) => void, done: (at: number) => void): void => {
    let last = 0
    let state = 0
    walk(text, {
      restart: (context) => {
        last = context
        state = 0
        now = nextTime(now, grams, states)
        begin(-1)
      },
      symbol: (symbol, at) => {
        last = (last << 7) | symbol
        state = machine.table[state + (machine.classOf[symbol] ?? 0)] ?? 0
        now += 1
        begin(at)
        for (const [size, bucket] of [bucketOf2, bucketOf3, bucketOf4].entries()) {
          const detector = bucket(last, shift)
          const weight = weights[detector] ?? 0
          if (weight <= 0 || isRested(grams, detector, now)) visit(detector, weight, last, size + 2)
        }
        if ((machine.ends[state / machine.width]?.length ?? 0) === 0 || !isRested(states, state, now)) return done(at)
        for (const token of machine.ends[state / machine.width] ?? []) {
          visit(tokenDetector(model, token), model.tokens[token]?.weight ?? 0, token, 0)
        }
        done(at)
      },
    })
  }

  const explain: ScorerEvidence['explain'] = (text, isSilenced) => {
    const all: Contribution[] = []
    const sum: Sum = { value: 0, start: 0, first: 0, symbols: 0 }
    const best = { value: 0, start: 0, end: 0, from: 0, to: 0, symbols: 0 }
    let here = 0
    visitAll(
      text,
      (detector, weight, what, size) => {
        if (weight > 0 && isSilenced?.(detector) === true) return
        sum.value += weight
        if (weight === 0) return
        const shown = size === 0 ? (model.tokens[what]?.text ?? '') : gramText(what, size)
        all.push({ detector, weight: weight * scale, text: shown, isToken: size === 0, end: here + 1 })
      },
      (at) => {
        here = at
        if (at < 0 || sum.value <= 0) {
          sum.value = 0
          sum.start = Math.max(0, at)
          sum.first = all.length
          sum.symbols = 0
        }
        if (at < 0) return
        sum.value += model.drift
        sum.symbols += 1
      },
      (at) => {
        if (sum.value <= best.value) return
        Object.assign(best, {
          value: sum.value,
          start: sum.start,
          end: at + 1,
          from: sum.first,
          to: all.length,
          symbols: sum.symbols,
        })
      },
    )
    return {
      logOdds: best.value * scale * calibration.slope + calibration.offset,
      start: best.start,
      end: Math.min(best.end, text.length),
      symbols: best.symbols,
      contributions: all.slice(best.from, best.to),
    }
  }

  return {
    explain,
    detectors: (text, visit) =>
      visitAll(
        text,
        (detector, weight) => visit(detector, weight * scale),
        () => {},
        () => {},
      ),
  }
}

/** The last symbols of a packed sequence, readable. */
function gramText(last: number, size: number): string {
  let text = ''
  for (let place = size - 1; place >= 0; place -= 1) text += nameOf((last >>> (7 * place)) & 0x7f)
  return text
}
