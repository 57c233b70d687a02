/**
 * Where in encoded text a decoded text begins. All text is one character a byte, so that an offset in what was decoded
 * leads back to the very escape it came from.
 */
export type Encoding = 'path' | 'form' | 'json' | 'plain'

/** Offset in `encoded` at which the first occurrence of `wanted` starts; -1 when it does not hold it. */
export function encodedStart(encoded: string, wanted: string, encoding: Encoding): number {
  if (wanted === '') return -1
  const { bytes, offsets } = decode(encoded, encoding)
  const at = bytes.indexOf(Buffer.from(wanted, 'latin1'))
  return at === -1 ? -1 : (offsets[at] ?? -1)
}

/** Text as it may stand within a value of that encoding. */
export function encodeText(text: string, encoding: Encoding): string {
  if (encoding === 'plain') return text
  if (encoding === 'json') return JSON.stringify(text).slice(1, -1)
  return percentEncoded(text)
}

/** Every byte that is not unreserved (RFC 3986 2.3) as an escape. */
export function percentEncoded(text: string): string {
  return text.replace(/[^\w.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

type Decoded = { readonly bytes: Buffer; readonly offsets: Uint32Array }

function decode(encoded: string, encoding: Encoding): Decoded {
  // No escape of any of these encodings gives more bytes than it has characters.
  const bytes = Buffer.alloc(encoded.length)
  const offsets = new Uint32Array(encoded.length)
  let length = 0
  for (let at = 0; at < encoded.length; ) {
    const unit = unitAt(encoded, at, encoding)
    for (const byte of unit.bytes) {
      bytes[length] = byte
      offsets[length] = at
      length += 1
    }
    at += unit.length
  }
  return { bytes: bytes.subarray(0, length), offsets }
}

type Unit = { readonly bytes: Iterable<number>; readonly length: number }

function unitAt(encoded: string, at: number, encoding: Encoding): Unit {
  const character = encoded[at] ?? ''
  if (encoding === 'json' && character === '\\') return jsonEscape(encoded, at)
  if (encoding === 'form' && character === '+') return { bytes: [32], length: 1 }
  if ((encoding === 'form' || encoding === 'path') && character === '%') {
    const digits = /^[\da-f]{2}$/i.exec(encoded.slice(at + 1, at + 3))
    if (digits !== null) return { bytes: [Number.parseInt(digits[0], 16)], length: 3 }
  }
  return { bytes: [character.charCodeAt(0) & 255], length: 1 }
}

const jsonLetters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function jsonEscape(encoded: string, at: number): Unit {
  // A character beyond the basic plane is written as two escapes and is one character only together.
  const escapes = /^\\u(?:d[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|[\da-f]{4})/i.exec(encoded.slice(at, at + 12))?.[0]
  if (escapes !== undefined) {
    const units = escapes.split('\\u').slice(1)
    const text = String.fromCharCode(...units.map((digits) => Number.parseInt(digits, 16)))
    return { bytes: Buffer.from(text, 'utf8'), length: escapes.length }
  }
  const letter = encoded[at + 1] ?? '\\'
  return { bytes: [(jsonLetters[letter] ?? letter).charCodeAt(0) & 255], length: 2 }
}
