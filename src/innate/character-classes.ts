import { type Ranges, wordRanges } from './regex-syntax.ts'

/** Code points that no set of a program tells apart share a class. */
export type CharacterClasses = {
  readonly count: number
  /** Class of each code below 128. */
  readonly ofAscii: Uint8Array
  readonly of: (codePoint: number) => number
  /** 1 for classes of word characters, by class; all 0 when nothing asks for them. */
  readonly isWord: Uint8Array
  /** 1 where a set holds a class, by set times `count` plus class. */
  readonly members: Uint8Array
}

/** `words`: the program asks for word characters. `null` when there are more classes than a byte holds. */
export function classifyCodePoints(sets: readonly Ranges[], words: boolean): CharacterClasses | null {
  const starts = new Set([0])
  for (const ranges of words ? [...sets, wordRanges] : sets) {
    for (let at = 0; at < ranges.length; at += 2) {
      starts.add(ranges[at] ?? 0)
      starts.add((ranges[at + 1] ?? 0) + 1)
    }
  }
  const sorted = [...starts].sort((one, other) => one - other)
  const firsts = Int32Array.from(sorted)
  if (firsts.length > 250) return null
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
    ofAscii: Uint8Array.from({ length: 128 }, (_, code) => of(code)),
    isWord: Uint8Array.from(sorted, (first) => (words && holds(wordRanges, first) ? 1 : 0)),
    members: Uint8Array.from(sets.flatMap((ranges) => sorted.map((first) => (holds(ranges, first) ? 1 : 0)))),
  }
}

function holds(ranges: Ranges, code: number): boolean {
  for (let at = 0; at < ranges.length; at += 2) {
    if (code >= (ranges[at] ?? 0) && code <= (ranges[at + 1] ?? 0)) return true
  }
  return false
}
