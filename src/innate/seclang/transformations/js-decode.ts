import { hexByte, narrow } from '../byte-strings.ts'
import { backslash, controlOf, decodeEscapes, type Escape, octalDigits, octalValue } from './escapes.ts'
import type { SecTransformation } from './sec-transformation.ts'

export const jsDecode: SecTransformation = {
  name: 'jsDecode',
  means: 'Decodes the backslash escapes of JavaScript: \\uHHHH, \\xHH, octal, control letters, any one character.',
  apply: (text) => (text.includes('\\') ? decodeEscapes(text, backslash, readEscape) : text),
  triggers: ['\\'],
}

function readEscape(text: string, at: number, into: Escape): void {
  if (at + 1 >= text.length) return
  into.width = escapeWidth(text, at)
  into.byte = escapedByte(text, at, into.width)
}

/** Bytes that the escape at a backslash takes: 6 for \\uHHHH, 4 for \\xHH or \\377, down to 2 for one character. */
function escapeWidth(text: string, at: number): number {
  const letter = text.charCodeAt(at + 1)
  if (letter === 117) return hexByte(text, at + 2) >= 0 && hexByte(text, at + 4) >= 0 ? 6 : 2
  if (letter === 120) return hexByte(text, at + 2) >= 0 ? 4 : 2
  const digits = octalDigits(text, at + 1)
  if (digits === 0) return 2
  // Three digits beyond 377 are two digits and a character.
  return 1 + (digits === 3 && letter > 51 ? 2 : digits)
}

function escapedByte(text: string, at: number, width: number): number {
  const letter = text.charCodeAt(at + 1)
  if (letter === 117 && width === 6) return narrow(hexByte(text, at + 2) * 256 + hexByte(text, at + 4))
  if (letter === 120 && width === 4) return hexByte(text, at + 2)
  return letter >= 48 && letter <= 55 ? octalValue(text, at + 1, width - 1) : controlOf(letter)
}
