import { bucketOf2, bucketOf3, bucketOf4, createRecency, isRested, nextTime } from '../../src/antigen/scorer-model.ts'
import { createTokenMachine } from '../../src/antigen/scorer-tokens.ts'
import { walk } from '../../src/antigen/scorer-walk.ts'

/** The detectors that react to a value, symbol by symbol. */
export type Features = {
  /** Numbers of detectors, in the order of the symbols at which they end. */
  readonly detectors: Int32Array
  /** End of each symbol's detectors in `detectors`. */
  readonly ends: Int32Array
  /** 1 for detectors that reacted a short while ago: they only count when they speak for the value. */
  readonly isRepeated: Uint8Array
  /** 1 for symbols before which a stretch cannot reach back. */
  readonly isFresh: Uint8Array
}

export type Reader = { readonly read: (text: string) => Features; readonly size: number }

/** Reads values exactly as the scorer does. */
export function createReader(bits: number, tokens: readonly string[]): Reader {
  const machine = createTokenMachine(tokens)
  const shift = 32 - bits
  const grams = createRecency(2 ** bits)
  const states = createRecency(machine.ends.length * machine.width)
  let now = 0
  const read = (text: string): Features => {
    const detectors: number[] = []
    const isRepeated: number[] = []
    const symbolEnds: number[] = []
    const isFresh: number[] = []
    let last = 0
    let state = 0
    let fresh = 1
    walk(text, {
      restart: (context) => {
        last = context
        state = 0
        fresh = 1
        now = nextTime(now, grams, states)
      },
      symbol: (symbol) => {
        last = (last << 7) | symbol
        state = machine.table[state + (machine.classOf[symbol] ?? 0)] ?? 0
        now += 1
        for (const bucket of [bucketOf2(last, shift), bucketOf3(last, shift), bucketOf4(last, shift)]) {
          detectors.push(bucket)
          isRepeated.push(isRested(grams, bucket, now) ? 0 : 1)
        }
        const ends = machine.ends[state / machine.width] ?? []
        if (ends.length > 0 && isRested(states, state, now)) {
          detectors.push(...ends.map((token) => 2 ** bits + token))
          isRepeated.push(...ends.map(() => 0))
        }
        symbolEnds.push(detectors.length)
        isFresh.push(fresh)
        fresh = 0
      },
    })
    return {
      detectors: Int32Array.from(detectors),
      isRepeated: Uint8Array.from(isRepeated),
      ends: Int32Array.from(symbolEnds),
      isFresh: Uint8Array.from(isFresh),
    }
  }
  return { read, size: 2 ** bits + tokens.length }
}

/** A stretch of symbols with its sum. */
export type Stretch = { readonly sum: number; readonly from: number; readonly to: number }

/** The stretch with the largest sum (Kadane 1984); empty when no symbol speaks against the value. */
export function worstStretch(features: Features, weights: Float32Array, drift: number): Stretch {
  const { detectors, isRepeated, ends, isFresh } = features
  let sum = 0
  let start = 0
  let best = { sum: 0, from: 0, to: 0 }
  let at = 0
  for (let symbol = 0; symbol < ends.length; symbol += 1) {
    if (sum <= 0 || isFresh[symbol] === 1) {
      sum = 0
      start = symbol
    }
    sum += drift
    for (const end = ends[symbol] as number; at < end; at += 1) {
      const weight = weights[detectors[at] as number] as number
      if (weight <= 0 || isRepeated[at] === 0) sum += weight
    }
    if (sum > best.sum) best = { sum, from: start, to: symbol + 1 }
  }
  return best
}
