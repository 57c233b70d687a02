import { scratch, textOf } from './byte-text.ts'
import type { SecTransformation } from './sec-transformation.ts'

export const utf8toUnicode: SecTransformation = {
  name: 'utf8toUnicode',
  means: 'Writes each character of UTF-8 beyond ASCII as %uHHHH, for urlDecodeUni to read; other bytes stay.',
  apply: (text) => (/[^\0-\x7f]/.test(text) ? encode(text) : text),
  triggers: [],
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

function encode(text: string): string {
  // A sequence of two bytes becomes six.
  const out = scratch(text.length * 3)
  let size = 0
  let at = 0
  while (at < text.length) {
    const width = sequenceWidth(text, at)
    if (width < 2) {
      out[size++] = text.charCodeAt(at)
      at += 1
      continue
    }
    const code = codeAt(text, at, width)
    out[size++] = 37
    out[size++] = 117
    for (let shift = code > 0xffff ? (code > 0xfffff ? 20 : 16) : 12; shift >= 0; shift -= 4) {
      out[size++] = hexDigits[(code >> shift) & 15] as number
    }
    at += width
  }
  return textOf(out, size, text)
}

const firstOfWidth = [0, 0, 0x80, 0x800, 0x10000]

/** Bytes of the well-formed sequence at a place: 2 to 4, 1 for ASCII, 0 for none. */
export function sequenceWidth(text: string, at: number): number {
  const lead = text.charCodeAt(at)
  if (lead < 0x80) return 1
  const width = lead >= 0xf0 ? (lead > 0xf4 ? 0 : 4) : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0
  for (let index = 1; index < width; index += 1) if ((text.charCodeAt(at + index) & 0xc0) !== 0x80) return 0
  if (width === 0) return 0
  const code = codeAt(text, at, width)
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return isSurrogate || code > 0x10ffff || code < (firstOfWidth[width] ?? 0) ? 0 : width
}

function codeAt(text: string, at: number, width: number): number {
  let code = text.charCodeAt(at) & (0xff >> (width + 1))
  for (let index = 1; index < width; index += 1) code = (code << 6) | (text.charCodeAt(at + index) & 0x3f)
  return code
}
