import { hexByte, scratch, textOf } from '../byte-strings.ts'
import { controlOf, octalDigits, octalValue } from './escapes.ts'
import type { SecTransformation } from './sec-transformation.ts'

export const escapeSeqDecode: SecTransformation = {
  name: 'escapeSeqDecode',
  means: 'Decodes the backslash escapes of ANSI C: control letters, \\xHH, octal, any one character.',
  apply: (text) => (text.includes('\\') ? decode(text) : text),
  triggers: ['\\'],
}

function decode(text: string): string {
  const { length } = text
  const out = scratch(length)
  let size = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code !== 92 || at + 1 >= length) {
      out[size++] = code
      at += 1
      continue
    }
    const letter = text.charCodeAt(at + 1)
    const hex = letter === 120 || letter === 88 ? hexByte(text, at + 2) : -1
    const digits = octalDigits(text, at + 1)
    out[size++] = hex >= 0 ? hex : digits > 0 ? octalValue(text, at + 1, digits) : controlOf(letter)
    at += hex >= 0 ? 4 : 1 + Math.max(1, digits)
  }
  return textOf(out, size, text)
}
