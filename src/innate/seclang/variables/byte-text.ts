/** Turns body bytes into the byte strings that SecLang works on, and decodes what percent signs hide. */

const percent = 0x25
const plus = 0x2b

/** One character per byte. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Grows to the longest text that was decoded, up to a bound; longer ones get a buffer of their own. */
let scratch = Buffer.allocUnsafe(4_096)
const maxScratch = 262_144

function bufferOf(length: number): Buffer {
  if (length <= scratch.length) return scratch
  if (length > maxScratch) return Buffer.allocUnsafe(length)
  scratch = Buffer.allocUnsafe(Math.min(maxScratch, length * 2))
  return scratch
}

/** `isInvalid`: a percent sign was not followed by two hexadecimal digits and stays as it is. */
export type DecodeNote = { isInvalid: boolean }

/** Percent signs and pluses of `application/x-www-form-urlencoded`; a slice when there is nothing to decode. */
export function decodeForm(
  text: string,
  range: { readonly start: number; readonly end: number },
  note: DecodeNote,
): string {
  for (let index = range.start; index < range.end; index += 1) {
    const code = text.charCodeAt(index)
    if (code === percent || code === plus) return decodeFrom(text, { ...range, first: index, hasPlus: true }, note)
  }
  return text.slice(range.start, range.end)
}

/** Percent signs alone, as the reference decodes REQUEST_URI. */
export function decodePercent(text: string): string {
  const first = text.indexOf('%')
  if (first === -1) return text
  return decodeFrom(text, { start: 0, end: text.length, first, hasPlus: false }, { isInvalid: false })
}

type Decoding = {
  readonly start: number
  readonly end: number
  /** Nothing before it needs decoding. */
  readonly first: number
  readonly hasPlus: boolean
}

function decodeFrom(text: string, decoding: Decoding, note: DecodeNote): string {
  const { start, end, first, hasPlus } = decoding
  const buffer = bufferOf(end - first)
  let length = 0
  for (let index = first; index < end; index += 1) {
    const code = text.charCodeAt(index)
    if (code === percent) {
      const byte = index + 2 < end ? byteOfHex(text, index + 1) : -1
      if (byte !== -1) {
        buffer[length++] = byte
        index += 2
        continue
      }
      note.isInvalid = true
    }
    buffer[length++] = hasPlus && code === plus ? 0x20 : code
  }
  return text.slice(start, first) + buffer.toString('latin1', 0, length)
}

/** The byte that two hexadecimal digits at `at` spell, or -1. */
export function byteOfHex(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at))
  const low = hexDigit(text.charCodeAt(at + 1))
  return high === -1 || low === -1 ? -1 : high * 16 + low
}

/** Value of a hexadecimal digit, or -1; also for NaN. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** White space as C's `isspace` has it. */
export const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/** UTF-8 of a code point as a byte string; surrogates give the three bytes of their number. */
export function utf8OfCodePoint(point: number): string {
  if (point < 0x80) return String.fromCharCode(point)
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
  if (point < 0x10000) {
    return String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
  }
  return String.fromCharCode(
    0xf0 | (point >> 18),
    0x80 | ((point >> 12) & 0x3f),
    0x80 | ((point >> 6) & 0x3f),
    0x80 | (point & 0x3f),
  )
}
