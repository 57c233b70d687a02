import { scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

/** What the reference makes of any byte as a digit: letters by their place after A, all else by its distance from 0. */
function looseDigit(code: number): number {
  return code >= 65 ? (code & 0xdf) - 55 : code - 48
}

export const hexDecode: SecTransformation = {
  name: 'hexDecode',
  means: 'Reads pairs of hexadecimal digits as bytes; an odd digit at the end is dropped.',
  apply: (text) => {
    const out = scratch(text.length)
    const size = text.length >> 1
    for (let index = 0; index < size; index += 1) {
      const high = looseDigit(text.charCodeAt(index * 2))
      out[index] = (high * 16 + looseDigit(text.charCodeAt(index * 2 + 1))) & 0xff
    }
    return textOf(out, size, text)
  },
  triggers: [],
}

export const hexEncode: SecTransformation = {
  name: 'hexEncode',
  means: 'Writes each byte as two hexadecimal digits in lower case.',
  apply: (text) => (text === '' ? text : Buffer.from(text, 'latin1').toString('hex')),
  triggers: [],
}
