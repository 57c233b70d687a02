import { hexDigit } from '../byte-strings.ts'
import { decodeEscapes, type Escape } from './escapes.ts'
import type { SecTransformation } from './sec-transformation.ts'

const named: ReadonlyMap<string, number> = new Map([
  ['quot', 34],
  ['amp', 38],
  ['lt', 60],
  ['gt', 62],
  ['nbsp', 160],
])

export const htmlEntityDecode: SecTransformation = {
  name: 'htmlEntityDecode',
  means: 'Decodes &#xHH; &#DD; &quot; &amp; &lt; &gt; &nbsp;, with or without the semicolon, each to one byte.',
  apply: (text) => (text.includes('&') ? decodeEscapes(text, ampersand, readEscape) : text),
  triggers: ['&'],
}

const ampersand = 38
const semicolon = 59

/** The entity read last: its byte, -1 for none, and where the text goes on. */
const entity = { byte: -1, end: 0 }

function readEscape(text: string, at: number, into: Escape): void {
  readEntity(text, at + 1)
  if (entity.byte < 0) return
  into.byte = entity.byte
  into.width = entity.end - at
}

function readEntity(text: string, at: number): void {
  entity.byte = -1
  if (text.charCodeAt(at) !== 35) readName(text, at)
  else if ((text.charCodeAt(at + 1) | 32) === 120) readNumber(text, at + 2, 16)
  else readNumber(text, at + 1, 10)
  if (entity.byte >= 0 && text.charCodeAt(entity.end) === semicolon) entity.end += 1
}

/** The longest name of an entity has four letters, so a longer word is none. */
function readName(text: string, at: number): void {
  let end = at
  while (end < at + 5 && isAlphanumeric(text.charCodeAt(end))) end += 1
  entity.byte = named.get(text.slice(at, end).toLowerCase()) ?? -1
  entity.end = end
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

/** What a 64-bit number can hold; larger ones read as this. */
const maxLong = 2n ** 63n - 1n

/** The low byte of a number of any length. */
function readNumber(text: string, at: number, base: 10 | 16): void {
  let end = at
  let value = 0
  while (end < text.length) {
    const digit = hexDigit(text.charCodeAt(end))
    if (digit < 0 || digit >= base) break
    value = value * base + digit
    end += 1
  }
  if (end === at) return
  entity.end = end
  entity.byte = value <= Number.MAX_SAFE_INTEGER ? value & 0xff : lowByteOf(text.slice(at, end), base)
}

function lowByteOf(digits: string, base: 10 | 16): number {
  const significant = digits.replace(/^0+/, '')
  if (significant.length > 19) return 0xff
  const value = BigInt(base === 16 ? `0x${significant}` : significant)
  return value > maxLong ? 0xff : Number(value & 0xffn)
}
