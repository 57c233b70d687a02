import { isUtf8 } from 'node:buffer'
import { textOfBytes } from './byte-text.ts'

export type XmlText = {
  /** UTF-8 as a byte string, without a byte order mark. */
  readonly text: string
  readonly error: string | null
}

/** Brings an XML document to UTF-8, by its byte order mark or by what its declaration says (XML 1.0, appendix F). */
export function decodeXml(bytes: Uint8Array): XmlText {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes.subarray(2))
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes.subarray(2))
  if (first === 0x3c && second === 0) return decodeAs('utf-16le', bytes)
  if (first === 0 && second === 0x3c) return decodeAs('utf-16be', bytes)
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf
  const content = hasMark ? bytes.subarray(3) : bytes
  const declared = hasMark ? 'utf-8' : declaredEncoding(content)
  if (declared === 'utf-8' || declared === 'utf8' || declared === 'us-ascii' || declared === 'ascii') {
    return { text: textOfBytes(content), error: isUtf8(content) ? null : 'Input is not proper UTF-8' }
  }
  if (declared === 'iso-8859-1' || declared === 'latin1' || declared === 'iso-latin-1') {
    return { text: textOfBytes(Buffer.from(textOfBytes(content), 'utf8')), error: null }
  }
  return decodeAs(declared, content)
}

const declarationBytes = 256

function declaredEncoding(bytes: Uint8Array): string {
  const head = textOfBytes(bytes.subarray(0, declarationBytes))
  if (!head.startsWith('<?xml')) return 'utf-8'
  const declaration = head.slice(0, Math.max(0, head.indexOf('?>')))
  return /\sencoding\s?=\s?["']([A-Za-z0-9._-]+)["']/.exec(declaration)?.[1]?.toLowerCase() ?? 'utf-8'
}

function decodeAs(encoding: string, bytes: Uint8Array): XmlText {
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text: textOfBytes(Buffer.from(text, 'utf8')), error: null }
  } catch (error) {
    const isUnknown = error instanceof RangeError
    return { text: textOfBytes(bytes), error: isUnknown ? `Unsupported encoding ${encoding}` : `Not ${encoding}` }
  }
}
