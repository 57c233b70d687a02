import { fieldFlags } from '../field.ts'
import type { Decoded } from './decoded.ts'
import { decodeUtf8Run } from './utf8.ts'

/** Value of a hexadecimal digit by character code; 255 for everything else. */
export const hexValue: Uint8Array = new Uint8Array(256).fill(255)
for (let digit = 0; digit < 16; digit += 1) {
  hexValue[digit.toString(16).charCodeAt(0)] = digit
  hexValue[digit.toString(16).toUpperCase().charCodeAt(0)] = digit
}

const percentCode = 0x25
const runBytes = new Uint8Array(4096)
/** From here on a run ends before the next character, so that none is torn; none has more than four bytes. */
const fullRun = runBytes.length - 4

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** Value of the `count` hexadecimal digits at `start`, or -1. */
export function readHex(text: string, start: number, count: number): number {
  let value = 0
  for (let index = start; index < start + count; index += 1) {
    const digit = hexValue[text.charCodeAt(index) & 0xff] ?? 255
    if (digit === 255 || text.charCodeAt(index) > 0xff) return -1
    value = value * 16 + digit
  }
  return value
}

/**
 * Undoes one layer of percent encoding (RFC 3986, section 2.1) and of the old `%uXXXX`. A run of escapes is read as
 * UTF-8; what is not UTF-8 becomes one latin-1 character a byte and is flagged. A `%` that starts no escape stays.
 */
export function decodePercent(text: string): Decoded | null {
  let position = text.indexOf('%')
  if (position === -1) return null
  let flags = 0
  let output = ''
  let copied = 0
  while (position !== -1) {
    const found = readEscape(text, position)
    if (found.length === 0) {
      flags |= fieldFlags.badEscape
      position = text.indexOf('%', position + 1)
      continue
    }
    output += text.slice(copied, position) + found.text
    flags |= found.flags
    copied = position + found.length
    position = text.indexOf('%', copied)
  }
  return copied === 0 ? null : { text: output + text.slice(copied), flags }
}

type Escape = { readonly text: string; readonly length: number; readonly flags: number }
const noEscape: Escape = { text: '', length: 0, flags: 0 }

function readEscape(text: string, start: number): Escape {
  if ((text.charCodeAt(start + 1) | 0x20) === 0x75) {
    const code = readHex(text, start + 2, 4)
    return code === -1 ? noEscape : { text: String.fromCharCode(code), length: 6, flags: fieldFlags.percentU }
  }
  const first = readHex(text, start + 1, 2)
  if (first === -1) return noEscape
  if (first < 0x80) return { text: String.fromCharCode(first), length: 3, flags: 0 }
  let count = 0
  let position = start
  let byte = first
  while (byte !== -1 && (count < fullRun || isContinuation(byte)) && count < runBytes.length) {
    runBytes[count] = byte
    count += 1
    position += 3
    byte = text.charCodeAt(position) === percentCode ? readHex(text, position + 1, 2) : -1
  }
  const decoded = decodeUtf8Run(runBytes, count)
  return { text: decoded.text, length: position - start, flags: decoded.flags }
}
