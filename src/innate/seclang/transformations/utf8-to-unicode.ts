import { scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

const beyondAscii = /[^\0-\x7f]/

export const utf8toUnicode: SecTransformation = {
  name: 'utf8toUnicode',
  means: 'Writes each character of UTF-8 beyond ASCII as %uHHHH, for urlDecodeUni to read; drops null bytes.',
  apply: (text) => (beyondAscii.test(text) || text.includes('\0') ? encode(text) : text),
  triggers: [],
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

/**
 * Characters written with too many bytes, surrogates and codes beyond Unicode are written as well, with the first byte
 * beside them; a first byte without those that should follow is dropped. All as the reference has it.
 */
function encode(text: string): string {
  // Two bytes become seven at most, four become nine.
  const out = scratch(text.length * 4)
  let size = 0
  let at = 0
  while (at < text.length) {
    const lead = text.charCodeAt(at)
    const width = claimedWidth(lead)
    if (width === 1 && lead !== 0) out[size++] = lead
    if (width > 1 && hasContinuation(text, at, width)) {
      const code = codeAt(text, at, width)
      if (lead > 0xf4) out[size++] = lead
      size = writeCode(out, size, code)
      if (isMisplaced(code, width)) out[size++] = lead
      at += width
    } else {
      if (lead > 0xf4 && width > 1) out[size++] = lead
      at += 1
    }
  }
  return textOf(out, size, text)
}

/** `%uHHHH`, with more digits where there are more. */
function writeCode(out: Buffer, from: number, code: number): number {
  let size = from
  out[size++] = 37
  out[size++] = 117
  for (let shift = code > 0xfffff ? 20 : code > 0xffff ? 16 : 12; shift >= 0; shift -= 4) {
    out[size++] = hexDigits[(code >> shift) & 15] as number
  }
  return size
}

/** Bytes that a first byte announces; 1 for those that announce none. */
function claimedWidth(lead: number): number {
  if (lead < 0xc0 || lead > 0xf7) return 1
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}

function hasContinuation(text: string, at: number, width: number): boolean {
  for (let index = 1; index < width; index += 1) if ((text.charCodeAt(at + index) & 0xc0) !== 0x80) return false
  return true
}

const firstOfWidth = [0, 0, 0x80, 0x800, 0x10000]

/** A surrogate, or a code that fewer bytes could say. */
function isMisplaced(code: number, width: number): boolean {
  return (code >= 0xd800 && code <= 0xdfff) || code < (firstOfWidth[width] ?? 0)
}

function codeAt(text: string, at: number, width: number): number {
  let code = text.charCodeAt(at) & (0xff >> (width + 1))
  for (let index = 1; index < width; index += 1) code = (code << 6) | (text.charCodeAt(at + index) & 0x3f)
  return code
}

/** Bytes of the well-formed character at a place: 1 to 4, 0 when there is none. */
export function characterWidth(text: string, at: number): number {
  const lead = text.charCodeAt(at)
  if (lead < 0x80) return 1
  const width = claimedWidth(lead)
  if (width === 1 || lead > 0xf4 || !hasContinuation(text, at, width)) return 0
  const code = codeAt(text, at, width)
  return isMisplaced(code, width) || code > 0x10ffff ? 0 : width
}
