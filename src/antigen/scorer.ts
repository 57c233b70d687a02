import { endSymbol, gapSymbol, isPlain, longestRun, nextSpecial, startSymbol, symbolOf } from './scorer-fold.ts'
import { bucketOf2, bucketOf3, bucketOf4, type ScorerModel } from './scorer-model.ts'
import { createTokenMachine } from './scorer-tokens.ts'
import { reach } from './scorer-walk.ts'

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
  const { weights, drift } = model
  const shift = 32 - model.bits
  const { table, classOf, width, ends } = createTokenMachine(model.tokens.map(({ text }) => text))
  const bonus = new Int16Array(ends.length * width)
  for (const [state, ids] of ends.entries()) {
    bonus[state * width] = ids.reduce((sum, id) => sum + (model.tokens[id]?.weight ?? 0), 0)
  }
  return (text) => {
    const { length } = text
    let special = nextSpecial(text, 0)
    if (special === length) return 0
    let index = special > reach ? special - reach : 0
    let previous = index === 0 ? startSymbol : gapSymbol
    let last = previous
    let lastSpecial = special
    let run = 1
    let state = 0
    let sum = 0
    let best = 0
    for (; index <= length; index += 1) {
      let symbol = endSymbol
      if (index < length) {
        const code = text.charCodeAt(index)
        symbol = symbolOf(code)
        if (code < 256 ? isPlain[code] === 0 : code === 0xfffd) lastSpecial = index
        else if (index > special && index - lastSpecial > reach) {
          special = nextSpecial(text, index)
          if (special === length) return best
          if (special - reach > index) {
            index = special - reach - 1
            lastSpecial = special
            previous = gapSymbol
            last = gapSymbol
            run = 1
            state = 0
            sum = 0
            continue
          }
        }
        run = symbol === previous ? run + 1 : 1
        previous = symbol
        if (run > (longestRun[symbol] as number)) continue
      }
      last = (last << 7) | symbol
      state = table[state + (classOf[symbol] as number)] as number
      sum +=
        drift +
        (weights[bucketOf2(last, shift)] as number) +
        (weights[bucketOf3(last, shift)] as number) +
        (weights[bucketOf4(last, shift)] as number) +
        (bonus[state] as number)
      if (sum < 0) sum = 0
      else if (sum > best) best = sum
    }
    return best
  }
}
