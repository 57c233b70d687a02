/** What a byte can begin or end in SQL. One table, one look-up per byte. */
export const startsBlank = 0
export const startsWord = 1
export const startsNumber = 2
export const startsString = 3
export const startsOperator = 4
export const startsSingle = 5
export const startsDash = 6
export const startsHash = 7
export const startsSlash = 8
export const startsBackslash = 9
export const startsTick = 10
export const startsBracket = 11
export const startsVariable = 12
export const startsMoney = 13
export const startsUnknown = 14

const starts = new Uint8Array(256).fill(startsWord)
const endsWordTable = new Uint8Array(256)
const endsVariableTable = new Uint8Array(256)

const put = (table: Uint8Array, characters: string, value: number): void => {
  for (let at = 0; at < characters.length; at += 1) table[characters.charCodeAt(at)] = value
}

for (let code = 0; code <= 32; code += 1) starts[code] = startsBlank
starts[0x7f] = startsBlank
starts[0xa0] = startsBlank
put(starts, '0123456789.', startsNumber)
put(starts, '\'"', startsString)
put(starts, '!%&*+:<=>^|~', startsOperator)
put(starts, '(),;{}', startsSingle)
put(starts, '-', startsDash)
put(starts, '#', startsHash)
put(starts, '/', startsSlash)
put(starts, '\\', startsBackslash)
put(starts, '`', startsTick)
put(starts, '[', startsBracket)
put(starts, '@', startsVariable)
put(starts, '$', startsMoney)
put(starts, '?]', startsUnknown)

put(endsWordTable, ' []{}<>:\\?=@!#~+-*/&|^%(),\';\t\n\v\f\r"\0\xa0', 1)
put(endsVariableTable, ' <>:\\?=@!#~+-*/&|^%(),\';\t\n\v\f\r`"', 1)

export const startOf = (code: number): number => starts[code] ?? startsWord
export const endsWord = (code: number): boolean => endsWordTable[code] === 1
export const endsVariable = (code: number): boolean => endsVariableTable[code] === 1
export const isBlank = (code: number): boolean => starts[code] === startsBlank
export const isDigit = (code: number): boolean => code >= 48 && code <= 57
export const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122
