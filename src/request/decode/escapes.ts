import type { Decoded } from './decoded.ts'
import { readHex } from './percent.ts'

/** Undoes one layer of `\uXXXX`, `\u{X}` and `\xXX` (ECMAScript, JSON, C). Other backslashes stay. */
export function decodeEscapes(text: string): Decoded | null {
  let position = text.indexOf('\\')
  let output = ''
  let copied = 0
  while (position !== -1) {
    const found = readEscape(text, position + 1)
    if (found !== null) {
      output += text.slice(copied, position) + found.text
      copied = found.end
    }
    position = text.indexOf('\\', found === null ? position + 1 : copied)
  }
  return copied === 0 ? null : { text: output + text.slice(copied), flags: 0 }
}

function readEscape(text: string, start: number): { text: string; end: number } | null {
  const letter = text.charCodeAt(start)
  if (letter === 0x78) return fixed(text, start + 1, 2)
  if (letter !== 0x75) return null
  return text.charCodeAt(start + 1) === 0x7b ? braced(text, start + 2) : fixed(text, start + 1, 4)
}

function fixed(text: string, start: number, digits: number): { text: string; end: number } | null {
  const code = readHex(text, start, digits)
  return code === -1 ? null : { text: String.fromCharCode(code), end: start + digits }
}

function braced(text: string, start: number): { text: string; end: number } | null {
  const close = text.slice(start, start + 7).indexOf('}') + start
  if (close <= start) return null
  const code = readHex(text, start, close - start)
  return code === -1 || code > 0x10_ffff ? null : { text: String.fromCodePoint(code), end: close + 1 }
}
