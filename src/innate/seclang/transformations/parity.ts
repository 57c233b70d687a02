import { bytesOf, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

/** Seven bits with a parity bit on top, for each byte. */
function parityTable(wanted: 'even' | 'odd'): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    let ones = 0
    for (let bits = byte; bits !== 0; bits >>= 1) ones += bits & 1
    const isEven = ones % 2 === 0
    return isEven === (wanted === 'even') ? byte & 0x7f : byte | 0x80
  })
}

function mapBytes(text: string, table: Uint8Array): string {
  const bytes = bytesOf(text)
  for (let at = 0; at < text.length; at += 1) bytes[at] = table[bytes[at] as number] as number
  return textOf(bytes, text.length, text)
}

const even = parityTable('even')
const odd = parityTable('odd')
const zero = Uint8Array.from({ length: 256 }, (_, byte) => byte & 0x7f)

export const parityEven7bit: SecTransformation = {
  name: 'parityEven7bit',
  means: 'Replaces bit 8 of each byte by an even parity bit.',
  apply: (text) => mapBytes(text, even),
  triggers: [],
}

export const parityOdd7bit: SecTransformation = {
  name: 'parityOdd7bit',
  means: 'Replaces bit 8 of each byte by an odd parity bit.',
  apply: (text) => mapBytes(text, odd),
  triggers: [],
}

export const parityZero7bit: SecTransformation = {
  name: 'parityZero7bit',
  means: 'Clears bit 8 of each byte.',
  apply: (text) => (/[^\0-\x7f]/.test(text) ? mapBytes(text, zero) : text),
  triggers: [],
}
