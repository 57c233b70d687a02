import { isUtf8 } from 'node:buffer'
import { fieldFlags } from '../field.ts'
import type { Decoded } from './decoded.ts'

/**
 * Reads bytes as UTF-8 (RFC 3629). Overlong forms (`C0 AF` for `/`) are read as the character they stand for and
 * flagged, since old servers do the same; any other invalid byte becomes its latin-1 character and is flagged.
 */
export function decodeUtf8Run(bytes: Uint8Array, count: number): Decoded {
  const run = Buffer.from(bytes.buffer, bytes.byteOffset, count)
  if (isUtf8(run)) return { text: run.toString('utf8'), flags: 0 }
  let text = ''
  let flags = 0
  let index = 0
  while (index < count) {
    const sequence = readSequence(run, index)
    text += String.fromCodePoint(sequence.code)
    flags |= sequence.flags
    index += sequence.length
  }
  return { text, flags }
}

const highByte = /[\x80-\xff]/

/** Text of wire bytes that node handed over as latin-1: UTF-8 where it is valid, else byte by byte with the flag. */
export function wireText(latin1: string): Decoded {
  if (!highByte.test(latin1)) return { text: latin1, flags: 0 }
  const bytes = Buffer.from(latin1, 'latin1')
  return decodeUtf8Run(bytes, bytes.length)
}

/** Text of a body: UTF-8 where it is valid, else byte by byte with the flag. A byte order mark is dropped. */
export function bodyText(body: Uint8Array): Decoded {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!isUtf8(bytes)) return { text: bytes.toString('latin1'), flags: fieldFlags.invalidUtf8 }
  const text = bytes.toString('utf8')
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, flags: 0 }
}

type Sequence = { readonly code: number; readonly length: number; readonly flags: number }

const smallestOfLength = [0, 0, 0x80, 0x800, 0x1_0000]

function readSequence(bytes: Buffer, start: number): Sequence {
  const lead = bytes[start] ?? 0
  const length = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  if (lead < 0x80) return { code: lead, length: 1, flags: 0 }
  const invalid = { code: lead, length: 1, flags: fieldFlags.invalidUtf8 }
  if (length === 1 || lead >= 0xf8 || start + length > bytes.length) return invalid
  let code = lead & (0xff >> (length + 1))
  for (let index = start + 1; index < start + length; index += 1) {
    const next = bytes[index] ?? 0
    if ((next & 0xc0) !== 0x80) return invalid
    code = (code << 6) | (next & 0x3f)
  }
  if (code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return invalid
  const isOverlong = code < (smallestOfLength[length] ?? 0)
  return { code, length, flags: isOverlong ? fieldFlags.overlongUtf8 : 0 }
}
