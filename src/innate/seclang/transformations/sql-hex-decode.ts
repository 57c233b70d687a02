import { hexByte, scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

/** The reference drops the last byte of most texts and all from a null byte on; here both stay. */
export const sqlHexDecode: SecTransformation = {
  name: 'sqlHexDecode',
  means: 'Decodes the hexadecimal literals of SQL: 0x414243 is ABC.',
  apply: (text) => (/0x/i.test(text) ? decode(text) : text),
  triggers: ['0x'],
}

function decode(text: string): string {
  const { length } = text
  const out = scratch(length)
  let size = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    let byte = code === 48 && (text.charCodeAt(at + 1) | 32) === 120 ? hexByte(text, at + 2) : -1
    if (byte < 0) {
      out[size++] = code
      at += 1
      continue
    }
    for (at += 2; byte >= 0; byte = hexByte(text, at)) {
      out[size++] = byte
      at += 2
    }
    // The byte that ends a literal is never the start of the next one.
    if (at < length) out[size++] = text.charCodeAt(at++)
  }
  return textOf(out, size, text)
}
