import { endSymbol, gapSymbol, longestRun, nextSpecial, startSymbol, symbolOf } from './scorer-fold.ts'
import {
  bucketOf2,
  bucketOf3,
  bucketOf4,
  createRecency,
  isRested,
  nextTime,
  type Recency,
  type ScorerModel,
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
  /** Log-odds of a value without any evidence; no value scores lower. */
  readonly floor: number
}

export function createFrozenScorer(model: ScorerModel): FrozenScorer {
  const best = createWorstStretch(model)
  const { slope, offset } = model.calibration
  const factor = model.scale * slope
  return { model, floor: offset, score: (text) => best(text) * factor + offset }
}

/** The largest sum of weights over neighbouring symbols of a value, 0 when all are harmless. See `walk` for the reading. */
function createWorstStretch(model: ScorerModel): (text: string) => number {
  const worstOfPart = createPartScan(model)
  return (text) => {
    const { length } = text
    let special = nextSpecial(text, 0)
    let best = 0
    while (special < length) {
      const end = readableEnd(text, special)
      const worst = worstOfPart(text, special > reach ? special - reach : 0, end)
      if (worst > best) best = worst
      special = nextSpecial(text, end)
    }
    return best
  }
}

/** Reads one part of a value. The bodies of the helpers that `walk` calls stand here once more, for speed. */
function createPartScan(model: ScorerModel): (text: string, start: number, end: number) => number {
  const { weights, drift } = model
  const shift = 32 - model.bits
  const machine = createTokenMachine(model.tokens.map(({ text }) => text))
  const { table, classOf } = machine
  const bonus = tokenBonus(model, machine)
  const grams = createRecency(weights.length)
  const states = createRecency(bonus.length)
  let clock = 0
  return (text, start, end) => {
    const stop = end === text.length ? end + 1 : end
    let now = nextTime(clock, grams, states)
    let previous = start === 0 ? startSymbol : gapSymbol
    let last = previous
    let run = 1
    let state = 0
    let sum = 0
    let best = 0
    for (let index = start; index < stop; index += 1) {
      const symbol = symbolAt(text, index)
      run = symbol === previous ? run + 1 : 1
      previous = symbol
      if (run > (longestRun[symbol] as number)) continue
      now += 1
      last = (last << 7) | symbol
      state = table[state + (classOf[symbol] as number)] as number
      sum +=
        drift + heard(weights, grams, bucketOf2(last, shift), now) + heard(weights, grams, bucketOf3(last, shift), now)
      sum += heard(weights, grams, bucketOf4(last, shift), now) + heard(bonus, states, state, now)
      if (sum < 0) sum = 0
      else if (sum > best) best = sum
    }
    clock = now
    return best
  }
}

/** Behind the last character stands the end. */
const symbolAt = (text: string, index: number): number =>
  index === text.length ? endSymbol : symbolOf(text.charCodeAt(index))

/** The weight of a detector; what speaks against the value is heard once in a while. */
function heard(weights: Int8Array | Int32Array, recency: Recency, detector: number, now: number): number {
  const weight = weights[detector] as number
  return weight <= 0 || isRested(recency, detector, now) ? weight : 0
}

/** By state of the machine: the weights of all tokens that end there. */
function tokenBonus(model: ScorerModel, { ends, width }: TokenMachine): Int32Array {
  const bonus = new Int32Array(ends.length * width)
  for (const [state, ids] of ends.entries()) {
    for (const id of ids) bonus[state * width] = (bonus[state * width] ?? 0) + (model.tokens[id]?.weight ?? 0)
  }
  return bonus
}
