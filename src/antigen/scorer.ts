import { endSymbol, gapSymbol, longestRun, nextSpecial, startSymbol, symbolOf } from './scorer-fold.ts'
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
import { createTokenMachine, type TokenMachine } from './scorer-tokens.ts'
import { reach, readableEnd } from './scorer-walk.ts'

/**
 * The inherited repertoire: a linear model over hashed n-grams (n = 2 to 4) of the folded value and named tokens,
 * trained offline. The score of a value is that of its worst stretch: the largest sum that neighbouring symbols reach
 * (Kadane 1984; as a statistic of sequences Karlin and Altschul 1990), so that nothing harmless before or behind a
 * payload can make up for it. One pass, whole numbers, nothing allocated.
 */
export type FrozenScorer = {
  readonly model: ScorerModel
  /** Calibrated log-odds that a value is an attack. */
  readonly score: (text: string) => number
  /**
   * Log-odds above those of a value without any evidence, when the detectors above zero that are silenced say nothing:
   * the repertoire after negative selection. 0 or more; what the evidence's `explain` says with the same silence.
   * `null`: none is silenced. The more are silenced, the lower.
   */
  readonly scoreMasked: (text: string, silenced: Silenced | null) => number
  /** Where the worst stretch of the value that was scored last ends, exclusive; 0 when it has none. */
  readonly worstEnd: () => number
  /** Log-odds of a value without any evidence; no value scores lower. */
  readonly floor: number
}

/** The inherited detectors that a field's self has silenced: n-gram buckets, and tokens by `tokenDetector`. */
export type Silenced = { readonly has: (detector: number) => boolean }

export function createFrozenScorer(model: ScorerModel): FrozenScorer {
  const worst = createWorstStretch(model)
  const { slope, offset } = model.calibration
  const factor = model.scale * slope
  return {
    model,
    floor: offset,
    worstEnd: () => worst.end,
    score: (text) => worst.read(text, null) * factor + offset,
    scoreMasked: (text, silenced) => worst.read(text, silenced) * factor,
  }
}

/** The largest sum of weights over neighbouring symbols of a value, 0 when all are harmless, and where it ends. */
type WorstStretch = { readonly read: (text: string, silenced: Silenced | null) => number; end: number }

/** See `walk` for which parts of a value are read. */
function createWorstStretch(model: ScorerModel): WorstStretch {
  const part = createPartScan(model)
  const worst: WorstStretch = {
    end: 0,
    read: (text, silenced) => {
      const { length } = text
      let special = nextSpecial(text, 0)
      let best = 0
      worst.end = 0
      while (special < length) {
        const end = readableEnd(text, special)
        const sum = part.read(text, { start: special > reach ? special - reach : 0, end, silenced })
        if (sum > best) {
          best = sum
          worst.end = Math.min(part.end, length)
        }
        special = nextSpecial(text, end)
      }
      return best
    },
  }
  return worst
}

type Part = { readonly start: number; readonly end: number; readonly silenced: Silenced | null }
type PartScan = { readonly read: (text: string, part: Part) => number; end: number }

/**
 * Reads one part of a value. The bodies of the helpers that `walk` calls stand here once more, in one flat loop: it is
 * the longest that any value pays for.
 */
function createPartScan(model: ScorerModel): PartScan {
  const { weights, drift } = model
  const shift = 32 - model.bits
  const machine = createTokenMachine(model.tokens.map(({ text }) => text))
  const { table, classOf } = machine
  const bonus = tokenBonus(model, machine)
  const grams = createRecency(weights.length)
  const states = createRecency(bonus.length)
  const tokensAt = createTokenReader(model, machine)
  let clock = 0
  // What speaks for the value always counts; what speaks against it when it has rested and nobody silenced it.
  const heard = (bucket: number, now: number, silenced: Silenced | null): number => {
    const weight = weights[bucket] as number
    if (weight <= 0) return weight
    return isRested(grams, bucket, now) && !isSilent(silenced, bucket) ? weight : 0
  }
  const tokensHeard = (state: number, now: number, silenced: Silenced | null): number => {
    const weight = bonus[state] as number
    if (weight <= 0 || !isRested(states, state, now)) return 0
    return silenced === null ? weight : tokensAt(state, silenced)
  }
  const read = (text: string, { start, end, silenced }: Part): number => {
    const stop = end === text.length ? end + 1 : end
    let now = nextTime(clock, grams, states)
    let previous = start === 0 ? startSymbol : gapSymbol
    let last = previous
    let run = 1
    let state = 0
    let sum = 0
    let best = 0
    let bestEnd = start
    for (let index = start; index < stop; index += 1) {
      const symbol = symbolAt(text, index)
      run = symbol === previous ? run + 1 : 1
      previous = symbol
      if (run > (longestRun[symbol] as number)) continue
      now += 1
      last = (last << 7) | symbol
      state = table[state + (classOf[symbol] as number)] as number
      sum +=
        drift +
        heard(bucketOf2(last, shift), now, silenced) +
        heard(bucketOf3(last, shift), now, silenced) +
        heard(bucketOf4(last, shift), now, silenced) +
        tokensHeard(state, now, silenced)
      if (sum < 0) sum = 0
      else if (sum > best) {
        best = sum
        bestEnd = index + 1
      }
    }
    clock = now
    scan.end = bestEnd
    return best
  }
  const scan: PartScan = { read, end: 0 }
  return scan
}

/** Behind the last character stands the end. */
const symbolAt = (text: string, index: number): number =>
  index === text.length ? endSymbol : symbolOf(text.charCodeAt(index))

/** Silence is asked about only where a detector speaks. */
const isSilent = (silenced: Silenced | null, detector: number): boolean => silenced?.has(detector) === true

/** The weights of the tokens that end in a state of the machine and are not silenced. */
function createTokenReader(
  model: ScorerModel,
  { ends, width }: TokenMachine,
): (state: number, silenced: Silenced) => number {
  return (state, silenced) => {
    let sum = 0
    for (const token of ends[state / width] as readonly number[]) {
      if (!silenced.has(tokenDetector(model, token))) sum += (model.tokens[token] as { weight: number }).weight
    }
    return sum
  }
}

/** By state of the machine: the weights of all tokens that end there. */
function tokenBonus(model: ScorerModel, { ends, width }: TokenMachine): Int32Array {
  const bonus = new Int32Array(ends.length * width)
  for (const [state, ids] of ends.entries()) {
    for (const id of ids) bonus[state * width] = (bonus[state * width] ?? 0) + (model.tokens[id]?.weight ?? 0)
  }
  return bonus
}
