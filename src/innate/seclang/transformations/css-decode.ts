import { hexDigit, isSpace, narrow } from '../byte-strings.ts'
import { backslash, decodeEscapes, type Escape } from './escapes.ts'
import type { SecTransformation } from './sec-transformation.ts'

/** The reference ends at a null byte; here it is a byte like others, so that nothing hides behind it. */
export const cssDecode: SecTransformation = {
  name: 'cssDecode',
  means: 'Decodes the backslash escapes of CSS 2: one to six hexadecimal digits, or any one character.',
  apply: (text) => (text.includes('\\') ? decodeEscapes(text, backslash, readEscape) : text),
  triggers: ['\\'],
}

const maxDigits = 6

function readEscape(text: string, at: number, into: Escape): void {
  const start = at + 1
  const digits = countDigits(text, start)
  if (digits > 0) {
    const value = Number.parseInt(text.slice(start, start + digits), 16)
    into.byte = value > 0xffff ? value & 0xff : narrow(value)
    into.width = 1 + digits + (isSpace(text.charCodeAt(start + digits)) ? 1 : 0)
    return
  }
  // A line may go on after a backslash; one at the very end stands for nothing.
  const code = start < text.length ? text.charCodeAt(start) : lineFeed
  into.byte = code === lineFeed ? -1 : code
  into.width = 2
}

const lineFeed = 10

function countDigits(text: string, at: number): number {
  let digits = 0
  while (digits < maxDigits && hexDigit(text.charCodeAt(at + digits)) >= 0) digits += 1
  return digits
}
