import { hexByte, scratch } from '../byte-strings.ts'

// Turns body bytes into the byte strings that SecLang works on, and decodes what percent signs hide.

const percent = 0x25
const plus = 0x2b

/** One character per byte. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
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
  const buffer = scratch(end - first)
  let length = 0
  for (let index = first; index < end; index += 1) {
    const code = text.charCodeAt(index)
    if (code === percent) {
      const byte = index + 2 < end ? hexByte(text, index + 1) : -1
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
