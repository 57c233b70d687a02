import { forEachGram } from '../memory/grams.ts'
import type { SelfGrams } from '../memory/memory.ts'
import { forEachPhrase } from '../memory/phrases.ts'

const bits = 2 ** 20

/** Which folded 4-grams self has shown: a bit per hash bucket, 128 KB whatever the traffic. Rare collisions only ever
 * make memory more tolerant, never less. */
export type GrowingSelfGrams = SelfGrams & {
  readonly add: (value: string) => void
  readonly bytes: () => Uint8Array
  /** Takes in what `bytes` gave, with the number of values behind it. */
  readonly load: (bytes: Uint8Array, values: number) => void
}

export const selfGramBytes: number = bits / 8

export function createSelfGrams(): GrowingSelfGrams {
  const set = new Uint8Array(selfGramBytes)
  let values = 0
  const bucketOf = (hash: number): number => (hash ^ (hash >>> 20)) & (bits - 1)
  const mark = (hash: number): void => {
    const bucket = bucketOf(hash)
    set[bucket >>> 3] = (set[bucket >>> 3] ?? 0) | (1 << (bucket & 7))
  }
  return {
    has: (hash) => {
      const bucket = bucketOf(hash)
      return (((set[bucket >>> 3] ?? 0) >>> (bucket & 7)) & 1) === 1
    },
    size: () => values,
    add: (value) => {
      values += 1
      forEachGram(value, mark)
      forEachPhrase(value, mark)
    },
    bytes: () => set,
    load: (bytes, count) => {
      set.set(bytes.subarray(0, selfGramBytes))
      values = count
    },
  }
}
