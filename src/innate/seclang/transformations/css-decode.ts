import { hexDigit, isSpace, narrow, scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

/** The reference ends at a null byte; here it is a byte like others, so that nothing hides behind it. */
export const cssDecode: SecTransformation = {
  name: 'cssDecode',
  means: 'Decodes the backslash escapes of CSS 2: one to six hexadecimal digits, or any one character.',
  apply: (text) => (text.includes('\\') ? decode(text) : text),
  triggers: ['\\'],
}

const maxDigits = 6

function decode(text: string): string {
  const { length } = text
  const out = scratch(length)
  let size = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    at += 1
    if (code !== 92) {
      out[size++] = code
      continue
    }
    const digits = countDigits(text, at)
    if (digits > 0) {
      const value = Number.parseInt(text.slice(at, at + digits), 16)
      out[size++] = value > 0xffff ? value & 0xff : narrow(value)
      at += digits
      if (isSpace(text.charCodeAt(at))) at += 1
    } else if (at < length) {
      // A line may go on after a backslash.
      if (text.charCodeAt(at) !== 10) out[size++] = text.charCodeAt(at)
      at += 1
    }
  }
  return textOf(out, size, text)
}

function countDigits(text: string, at: number): number {
  let digits = 0
  while (digits < maxDigits && hexDigit(text.charCodeAt(at + digits)) >= 0) digits += 1
  return digits
}
