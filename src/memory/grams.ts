/**
 * Folded character 4-grams: the alphabet of memory. Letters lose their case, a run of digits becomes `0`, a run of
 * blanks one blank, a run of non-ASCII characters one mark, control characters another; a blank stands at both ends.
 * Comment marks and quotes stay as they are: folding them made ordinary prose (`5 or 6`) look like an injection.
 *
 *   "1' OR  22=22"  ->  " 0' or 0=0 "  ->  " 0' ", "0' o", "' or", " or ", "or 0", "r 0=", " 0=0", "0=0 "
 *
 * Four symbols of 7 bits make one number; the multiplication by an odd constant spreads its bits and loses nothing,
 * so two grams never share a hash.
 */
export type GramVisitor = (gramHash: number, specials: number) => void

const digit = 48
const blank = 32
const control = 1
const foreign = 127

/** Character code to symbol. Symbols whose runs collapse: digit, blank, foreign. */
const symbols = Uint8Array.from({ length: 128 }, (_, code) => symbolOf(code))
/** 1 for characters that ordinary words, numbers, dates and addresses do without. */
const specialMarks = Uint8Array.from({ length: 128 }, (_, code) => (isSpecial(code) ? 1 : 0))

function symbolOf(code: number): number {
  if (code >= 48 && code <= 57) return digit
  if (code >= 65 && code <= 90) return code + 32
  if (code === 32 || (code >= 9 && code <= 13)) return blank
  return code < 32 || code === 127 ? control : code
}

function isSpecial(code: number): boolean {
  const symbol = symbolOf(code)
  if (symbol === blank || symbol === digit || (symbol >= 97 && symbol <= 122)) return false
  return !'.,_-@:+'.includes(String.fromCharCode(code))
}

/** Whether a value has a character that no plain word, number, date or address has. A value without is never recalled. */
export function hasSpecial(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 128 && specialMarks[code] === 1) return true
  }
  return false
}

/**
 * Calls back for every gram in order, repeated ones included. `specials` has a bit for each of the four places that
 * holds a special character. Values of fewer than two symbols have no gram.
 */
export function forEachGram(value: string, visit: GramVisitor): void {
  let previous = blank
  let gram = blank
  let specials = 0
  let length = 1
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    const symbol = code < 128 ? (symbols[code] as number) : foreign
    if (symbol === previous && (symbol === blank || symbol === digit || symbol === foreign)) continue
    previous = symbol
    gram = ((gram << 7) | symbol) & 0xfffffff
    specials = ((specials << 1) | (code < 128 ? (specialMarks[code] as number) : 0)) & 15
    length += 1
    if (length >= 4) visit(Math.imul(gram, 0x9e3779b1) >>> 0, specials)
  }
  if (previous === blank || length < 3) return
  visit(Math.imul(((gram << 7) | blank) & 0xfffffff, 0x9e3779b1) >>> 0, (specials << 1) & 15)
}
