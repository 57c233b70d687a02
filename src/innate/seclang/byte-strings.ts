// What all parts that work on byte strings share: a buffer to build them in, and the characters that they ask about.

/**
 * Results are written into one buffer (whoever builds runs alone and never waits), then read out as text once.
 */
let shared = Buffer.allocUnsafe(4096)
const maxKept = 1 << 20

/** Room for `size` bytes, with old bytes in it. Good until the next call. */
export function scratch(size: number): Buffer {
  if (size <= shared.length) return shared
  const grown = Buffer.allocUnsafe(size)
  if (size <= maxKept) shared = grown
  return grown
}

/** The bytes of a text at the start of the shared buffer. */
export function bytesOf(text: string): Buffer {
  const buffer = scratch(text.length)
  buffer.write(text, 'latin1')
  return buffer
}

/** The first `length` bytes as text; the given text itself when it is the same. */
export function textOf(buffer: Buffer, length: number, original: string): string {
  if (length === 0) return ''
  const text = buffer.toString('latin1', 0, length)
  return text === original ? original : text
}

/** Value of a hexadecimal digit, -1 for any other byte. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  return code >= 65 && code <= 70 ? code - 55 : -1
}

/** The byte that two hexadecimal digits at a place spell, -1 when there are none. */
export function hexByte(text: string, at: number): number {
  if (at + 1 >= text.length) return -1
  const high = hexDigit(text.charCodeAt(at))
  const low = hexDigit(text.charCodeAt(at + 1))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

/** What `isspace` of C counts: tab, line feed, vertical tab, form feed, carriage return, space. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/** Full-width ASCII (U+FF01 to U+FF5E) reads as ASCII, every other character of a code as its low byte. */
export function narrow(code: number): number {
  const low = code & 0xff
  return code >> 8 === 0xff && low > 0 && low < 0x5f ? low + 0x20 : low
}
