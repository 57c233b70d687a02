import { type PatternCursor, refuse } from './pattern-cursor.ts'
import { foldCase, holds, type Ranges, unite } from './ranges.ts'

/** Letters beyond ASCII whose case folds to an ASCII letter: the Kelvin sign and the long s. */
const kelvin = 0x212a
const longS = 0x17f

/** A set as the flags in force have it; RE2 folds the case of all of Unicode, which only ASCII sets follow here. */
export function fold({ flags, dialect, at }: PatternCursor, ranges: Ranges): Ranges {
  if (!flags.ignoreCase) return ranges
  const folded = foldCase(ranges)
  if (dialect === 'pcre') return folded
  if ((ranges.at(-1) ?? 0) > 0x7f) refuse('character beyond ASCII under flag i', at)
  const wide = [...(holds(folded, 107) ? [kelvin, kelvin] : []), ...(holds(folded, 115) ? [longS, longS] : [])]
  return wide.length === 0 ? folded : unite([...folded, ...wide])
}
