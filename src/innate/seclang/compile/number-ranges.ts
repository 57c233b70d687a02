import type { NumberRange } from '../program.ts'

/** Ids as exclusions name them: `1`, `1-3`, several with blanks or commas between. Throws an Error otherwise. */
export function parseNumberRanges(text: string): readonly NumberRange[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.length === 0) throw new Error('expected a rule id or a range of ids')
  return words.map(parseRange)
}

function parseRange(word: string): NumberRange {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(word)
  if (found === null) throw new Error(`expected a rule id or a range of ids, found \`${word}\``)
  const first = Number(found[1])
  const last = Number(found[2] ?? found[1])
  if (last < first) throw new Error(`the range ${word} ends before it begins`)
  return { first, last }
}

export const isInRanges = (ranges: readonly NumberRange[], number: number): boolean =>
  ranges.some(({ first, last }) => number >= first && number <= last)
