/**
 * The alphabet of the frozen scorer. Letters lose their case; runs of digits, of blanks, of line ends and of characters
 * beyond ASCII count once; any other run counts four times at most, so that no filler outweighs what it hides. NUL,
 * other controls, C1 controls (what an invalid byte becomes) and U+FFFD are symbols of their own.
 */
const names: string[] = []
const add = (name: string): number => names.push(name) - 1

/** Marks the start of a value, its end, and a stretch of plain text that was left out. */
export const startSymbol: number = add('^')
export const endSymbol: number = add('$end')
export const gapSymbol: number = add('…')
const digit = add('0')
const blank = add(' ')
const lineEnd = add('\n')
const nul = add('\\0')
const control = add('\\c')
const c1 = add('\\x')
const replacement = add('\\u')
export const nonAsciiSymbol: number = add('¿')

const asciiSymbols = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) asciiSymbols[code] = classify(code)

function classify(code: number): number {
  const character = String.fromCharCode(code)
  if (code === 0) return nul
  if (code === 10 || code === 13) return lineEnd
  if (character === ' ' || code === 9) return blank
  if (code < 32 || code === 127) return control
  if (character >= '0' && character <= '9') return digit
  const lower = character.toLowerCase()
  const known = names.indexOf(lower, nonAsciiSymbol + 1)
  return known === -1 ? add(lower) : known
}

/** Symbol by character code below 256; see `symbolOf`. */
export const symbols: Uint8Array = new Uint8Array(256).fill(nonAsciiSymbol)
symbols.set(asciiSymbols)
symbols.fill(c1, 0x80, 0xa0)
symbols[0xa0] = blank

export const symbolCount: number = names.length

/** Symbol of any UTF-16 code unit. */
export function symbolOf(code: number): number {
  if (code < 256) return symbols[code] as number
  return code === 0xfffd ? replacement : nonAsciiSymbol
}

/** How often a symbol may stand in a row. */
export const longestRun: Uint8Array = new Uint8Array(symbolCount).fill(4)
for (const symbol of [digit, blank, lineEnd, nonAsciiSymbol]) longestRun[symbol] = 1

/** 1 for characters that harmless values are full of and that no attack can do with alone. */
export const isPlain: Uint8Array = new Uint8Array(256)
for (let code = 0; code < 256; code += 1) {
  isPlain[code] = /[A-Za-z0-9 \t._\u00a0-\u00ff-]/.test(String.fromCharCode(code)) ? 1 : 0
}

/** Whether a character is not plain. */
export const isSpecial = (code: number): boolean => (code < 256 ? isPlain[code] === 0 : code === 0xfffd)

/** Index of the first character from `from` on that is not plain; the length of the text when there is none. */
export function nextSpecial(text: string, from: number): number {
  const { length } = text
  for (let index = from; index < length; index += 1) if (isSpecial(text.charCodeAt(index))) return index
  return length
}

/** A text of symbols as people read it. */
export const nameOf = (symbol: number): string => names[symbol] ?? '?'
