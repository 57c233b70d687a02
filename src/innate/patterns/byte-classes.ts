import { complement, type Ranges, unite } from './ranges.ts'

/** Sets of bytes as PCRE names them, in the C locale. */
const digit: Ranges = [48, 57]
const lower: Ranges = [97, 122]
const upper: Ranges = [65, 90]
const blank: Ranges = [9, 9, 32, 32]
const horizontal: Ranges = [9, 9, 32, 32, 0xa0, 0xa0]
const vertical: Ranges = [10, 13, 0x85, 0x85]
const space: Ranges = [9, 13, 32, 32]
export const word: Ranges = [48, 57, 65, 90, 95, 95, 97, 122]
export const newline: Ranges = [10, 10]

export const not = (ranges: Ranges): Ranges => complement(ranges, 0xff)

/** By the letter that follows a backslash. */
export const letterClasses: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['d', digit],
  ['D', not(digit)],
  ['w', word],
  ['W', not(word)],
  ['s', space],
  ['S', not(space)],
  ['h', horizontal],
  ['H', not(horizontal)],
  ['v', vertical],
  ['V', not(vertical)],
])

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

