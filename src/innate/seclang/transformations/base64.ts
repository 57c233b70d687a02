import { scratch, textOf } from './byte-text.ts'
import type { SecTransformation } from './sec-transformation.ts'

const pad = 64
const none = 65

/** Value of each byte as a Base64 digit. */
const digits = new Uint8Array(256).fill(none)
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  digits[digit.charCodeAt(0)] = value
}
digits['='.charCodeAt(0)] = pad

export const base64Encode: SecTransformation = {
  name: 'base64Encode',
  means: 'Encodes with Base64.',
  apply: (text) => (text === '' ? text : Buffer.from(text, 'latin1').toString('base64')),
  triggers: [],
}

/** As Mbed TLS reads it; a null byte ends the text. */
export const base64Decode: SecTransformation = {
  name: 'base64Decode',
  means: 'Decodes Base64 in groups of four, with line ends; a text with anything else in it decodes to nothing.',
  apply: (text) => {
    const end = text.indexOf('\0')
    const given = end < 0 ? text : text.slice(0, end)
    return isStrict(given) ? decode(given, true) : ''
  },
  triggers: [],
}

/** The reference ends at a null byte; here it is passed over like all others, so that nothing hides behind it. */
export const base64DecodeExt: SecTransformation = {
  name: 'base64DecodeExt',
  means: 'Decodes Base64 and passes over bytes that are none.',
  apply: (text) => decode(text, false),
  triggers: [],
}

/** Digits, then at most two pads; line ends anywhere, spaces only before them. */
function isStrict(text: string): boolean {
  let pads = 0
  for (let at = 0; at < text.length; at += 1) {
    const start = at
    while (text.charCodeAt(at) === 32) at += 1
    // Spaces may also end the text.
    if (at >= text.length) return true
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) === 10)) continue
    const digit = digits[code] as number
    if (at > start || digit === none) return false
    if (digit === pad) pads += 1
    if (pads > 2 || (pads > 0 && digit !== pad)) return false
  }
  return true
}

/** `isWhole`: pads count as digits of zero bits, and a group of fewer than four digits is dropped. */
function decode(text: string, isWhole: boolean): string {
  const out = scratch(text.length)
  let size = 0
  let bits = 0
  let count = 0
  let pads = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = digits[text.charCodeAt(at)] as number
    if (digit === none) continue
    if (digit === pad) {
      if (!isWhole && count % 4 === 1 && text[at + 1] !== '=') return ''
      if (!isWhole) continue
      pads += 1
    }
    bits = ((bits << 6) | (digit & 63)) & 0xffffff
    count += 1
    if (isWhole) {
      if (count % 4 !== 0) continue
      for (let index = 0; index < 3 - pads; index += 1) out[size++] = (bits >> (16 - 8 * index)) & 0xff
    } else if (count % 4 !== 1) out[size++] = (bits >> (6 - 2 * ((count + 3) % 4))) & 0xff
  }
  return textOf(out, size, text)
}
