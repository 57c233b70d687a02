/** A source of numbers in [0, 1). Injected, so that the same seed gives the same repertoire. */
export type Random = () => number

/** The mulberry32 generator (T. Ettinger, public domain): 32 bits of state, good enough for jitter and sampling. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
