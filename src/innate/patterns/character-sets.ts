import type { PatternCursor } from './pattern-cursor.ts'
import { complement, type Ranges, unite } from './ranges.ts'

/** Sets of characters as PCRE and RE2 name them, ASCII only (in PCRE: the C locale). */
const digit: Ranges = [48, 57]
const lower: Ranges = [97, 122]
const upper: Ranges = [65, 90]
const blank: Ranges = [9, 9, 32, 32]
const horizontal: Ranges = [9, 9, 32, 32, 0xa0, 0xa0]
const vertical: Ranges = [10, 13, 0x85, 0x85]
const space: Ranges = [9, 13, 32, 32]
export const word: Ranges = [48, 57, 65, 90, 95, 95, 97, 122]
export const newline: Ranges = [10, 10]

/** By the letter that follows a backslash; the capital letter stands for all others. */
const pcreClasses: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['d', digit],
  ['w', word],
  ['s', space],
  ['h', horizontal],
  ['v', vertical],
])
const re2Classes: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['d', digit],
  ['w', word],
  ['s', [9, 10, 12, 13, 32, 32]],
])

/** The set that a letter behind a backslash stands for; `null` when it stands for none. */
export function letterClass({ dialect, lastCode }: PatternCursor, letter: string): Ranges | null {
  const classes = dialect === 'pcre' ? pcreClasses : re2Classes
  const known = classes.get(letter)
  if (known !== undefined) return known
  const other = letter === '' ? undefined : classes.get(letter.toLowerCase())
  return other === undefined ? null : complement(other, lastCode)
}

/** By the name between `[:` and `:]`. */
export const namedClasses: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['alnum', unite([...digit, ...upper, ...lower])],
  ['alpha', unite([...upper, ...lower])],
  ['ascii', [0, 0x7f]],
  ['blank', blank],
  ['cntrl', [0, 31, 127, 127]],
  ['digit', digit],
  ['graph', [33, 126]],
  ['lower', lower],
  ['print', [32, 126]],
  ['punct', [33, 47, 58, 64, 91, 96, 123, 126]],
  ['space', space],
  ['upper', upper],
  ['word', word],
  ['xdigit', [48, 57, 65, 70, 97, 102]],
])

/** Control characters by the letter that follows a backslash. */
export const controlCodes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
])
/** Only in RE2, where `\v` is one character. */
export const verticalTab = 11
