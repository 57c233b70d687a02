import { holds, outside, type Ranges } from './ranges.ts'

/** Codes that no set of a program tells apart share a class. The last class, `count`, is what is outside the text. */
export type CharacterClasses = {
  readonly count: number
  /** Class of each code below 256. */
  readonly ofByte: Uint8Array
  readonly of: (codePoint: number) => number
  /** 1 where a set holds a class, by set times `count + 1` plus class. */
  readonly members: Uint8Array
}

/** `null` when there are more classes than a byte holds, which byte strings cannot cause. */
export function classifyCodes(sets: readonly Ranges[], lastCode: number): CharacterClasses | null {
  const starts = new Set([0])
  for (const ranges of sets) {
    for (let at = 0; at < ranges.length; at += 2) {
      starts.add(ranges[at] ?? 0)
      starts.add((ranges[at + 1] ?? 0) + 1)
    }
  }
  const sorted = [...starts].filter((start) => start <= lastCode).sort((one, other) => one - other)
  if (sorted.length > 256) return null
  const firsts = Int32Array.from(sorted)
  const of = (codePoint: number): number => {
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((firsts[middle] as number) <= codePoint) low = middle + 1
      else high = middle
    }
    return low - 1
  }
  return {
    count: firsts.length,
    of,
    ofByte: Uint8Array.from({ length: 256 }, (_, code) => of(code)),
    members: Uint8Array.from(
      sets.flatMap((ranges) => [...sorted, outside].map((first) => (holds(ranges, first) ? 1 : 0))),
    ),
  }
}
