import { hexByte, narrow, scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'
import type { UnicodeMap } from './unicode-map.ts'

const percent = 37
const star = 42
const plus = 43
const space = 32

function isEncoded(text: string): boolean {
  return text.includes('%') || text.includes('+')
}

export const urlDecode: SecTransformation = {
  name: 'urlDecode',
  means: 'Decodes %HH and + as forms write them; escapes that are not valid stay as they are.',
  apply: (text) => (isEncoded(text) ? decode(text, null) : text),
  triggers: ['%', '+'],
}

/** `%uHHHH` reads through the map of SecUnicodeMapFile where it has the character. */
export function createUrlDecodeUni(map: UnicodeMap): SecTransformation {
  return {
    name: 'urlDecodeUni',
    means: 'Decodes %HH, + and the %uHHHH of Microsoft IIS (through SecUnicodeMapFile, else the low byte).',
    apply: (text) => (isEncoded(text) ? decode(text, map) : text),
    triggers: ['%', '+'],
  }
}

export const urlDecodeUni = createUrlDecodeUni(new Map())

export const urlEncode: SecTransformation = {
  name: 'urlEncode',
  means: 'Encodes all but letters, digits and * as %hh, a space as +.',
  apply: (text) => (/[^A-Za-z0-9*]/.test(text) ? encode(text) : text),
  triggers: [],
}

/** With a map `%uHHHH` is decoded as well. */
function decode(text: string, map: UnicodeMap | null): string {
  const { length } = text
  const out = scratch(length)
  let size = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code === percent) {
      const letter = map === null ? 0 : text.charCodeAt(at + 1) | 32
      const isUnicode = map !== null && letter === 117
      const byte = isUnicode ? unicodeByte(text, at + 2, map) : hexByte(text, at + 1)
      if (byte >= 0) {
        out[size++] = byte
        at += isUnicode ? 6 : 3
        continue
      }
    }
    out[size++] = code === plus ? space : code
    at += 1
  }
  return textOf(out, size, text)
}

/** The byte for four hexadecimal digits at a place, -1 when there are none. */
function unicodeByte(text: string, at: number, map: UnicodeMap): number {
  const high = hexByte(text, at)
  const low = hexByte(text, at + 2)
  if (high < 0 || low < 0) return -1
  const code = high * 256 + low
  return map.get(code) ?? narrow(code)
}

function isPlain(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === star
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

function encode(text: string): string {
  const out = scratch(text.length * 3)
  let size = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isPlain(code)) out[size++] = code
    else if (code === space) out[size++] = plus
    else {
      out[size++] = percent
      out[size++] = hexDigits[code >> 4] as number
      out[size++] = hexDigits[code & 15] as number
    }
  }
  return textOf(out, size, text)
}
