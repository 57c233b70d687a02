/** Codes as pairs of first and last, in order, without overlap or neighbours. */
export type Ranges = readonly number[]

/** Stands for what is before the text and after it, in sets that say what may be beside a place. */
export const outside = 0x110000

export const none: Ranges = []
export const anyByte: Ranges = [0, 0xff]

/** Sorts and joins pairs. */
export function unite(ranges: Ranges): Ranges {
  const pairs = Array.from({ length: ranges.length / 2 }, (_, at) => [ranges[at * 2] ?? 0, ranges[at * 2 + 1] ?? 0])
  const united: number[] = []
  for (const [from = 0, to = 0] of pairs.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0))) {
    const end = united.at(-1)
    if (end !== undefined && from <= end + 1) united[united.length - 1] = Math.max(end, to)
    else united.push(from, to)
  }
  return united
}

/** All codes up to `last` that are not in the ranges. */
export function complement(ranges: Ranges, last: number): Ranges {
  const result: number[] = []
  let next = 0
  for (let at = 0; at < ranges.length && next <= last; at += 2) {
    const from = Math.min(ranges[at] ?? 0, last + 1)
    if (from > next) result.push(next, from - 1)
    next = (ranges[at + 1] ?? 0) + 1
  }
  if (next <= last) result.push(next, last)
  return result
}

export function intersect(one: Ranges, other: Ranges): Ranges {
  const result: number[] = []
  for (let at = 0, by = 0; at < one.length && by < other.length; ) {
    const from = Math.max(one[at] ?? 0, other[by] ?? 0)
    const to = Math.min(one[at + 1] ?? 0, other[by + 1] ?? 0)
    if (from <= to) result.push(from, to)
    if ((one[at + 1] ?? 0) < (other[by + 1] ?? 0)) at += 2
    else by += 2
  }
  return result
}

/** What is beside a place and not of a set, which may be nothing at all. */
export const besideOther = (ranges: Ranges, last: number): Ranges =>
  unite([...complement(ranges, last), outside, outside])

export function holds(ranges: Ranges, code: number): boolean {
  for (let at = 0; at < ranges.length; at += 2) {
    if (code >= (ranges[at] ?? 0) && code <= (ranges[at + 1] ?? 0)) return true
  }
  return false
}

/** With both cases of each ASCII letter. */
export function foldCase(ranges: Ranges): Ranges {
  const lower = intersect(ranges, [97, 122]).map((code) => code - 32)
  const upper = intersect(ranges, [65, 90]).map((code) => code + 32)
  return lower.length + upper.length === 0 ? ranges : unite([...ranges, ...lower, ...upper])
}

/** How many codes there are. */
export function sizeOf(ranges: Ranges): number {
  let size = 0
  for (let at = 0; at < ranges.length; at += 2) size += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + 1
  return size
}
