import { hexByte } from '../byte-strings.ts'
import { backslash, controlOf, decodeEscapes, type Escape, octalDigits, octalValue } from './escapes.ts'
import type { SecTransformation } from './sec-transformation.ts'

export const escapeSeqDecode: SecTransformation = {
  name: 'escapeSeqDecode',
  means: 'Decodes the backslash escapes of ANSI C: control letters, \\xHH, octal, any one character.',
  apply: (text) => (text.includes('\\') ? decodeEscapes(text, backslash, readEscape) : text),
  triggers: ['\\'],
}

function readEscape(text: string, at: number, into: Escape): void {
  if (at + 1 >= text.length) return
  const letter = text.charCodeAt(at + 1)
  const hex = letter === 120 || letter === 88 ? hexByte(text, at + 2) : -1
  const digits = octalDigits(text, at + 1)
  into.byte = hex >= 0 ? hex : digits > 0 ? octalValue(text, at + 1, digits) : controlOf(letter)
  into.width = hex >= 0 ? 4 : 1 + Math.max(1, digits)
}
