import type { SecTransformation } from './sec-transformation.ts'

const isDigit = new Uint8Array(256)
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') isDigit[digit.charCodeAt(0)] = 1
const pad = 61

export const base64Encode: SecTransformation = {
  name: 'base64Encode',
  means: 'Encodes with Base64.',
  apply: (text) => (text === '' ? text : Buffer.from(text, 'latin1').toString('base64')),
  triggers: [],
}

/** As Mbed TLS reads it; a null byte ends the text. */
export const base64Decode: SecTransformation = {
  name: 'base64Decode',
  means: 'Decodes Base64 in groups of four, with line ends; a text with anything else in it decodes to nothing.',
  apply: (text) => {
    const end = text.indexOf('\0')
    const given = end < 0 ? text : text.slice(0, end)
    if (!isStrict(given)) return ''
    const padded = given.replace(/[\r\n ]+/g, '')
    return unpack(padded.slice(0, padded.length - (padded.length % 4)))
  },
  triggers: [],
}

export const base64DecodeExt: SecTransformation = {
  name: 'base64DecodeExt',
  means: 'Decodes Base64 and passes over bytes that are none; a pad after the first digit of a group makes it nothing.',
  apply: (text) => (isForgivable(text) ? unpack(text.replace(/[^A-Za-z0-9+/]+/g, '')) : ''),
  triggers: [],
}

function unpack(digits: string): string {
  return Buffer.from(digits, 'base64').toString('latin1')
}

/** Digits, then at most two pads; line ends anywhere, spaces only before them and at the end. */
function isStrict(text: string): boolean {
  let pads = 0
  for (let at = 0; at < text.length; at += 1) {
    const start = at
    while (text.charCodeAt(at) === 32) at += 1
    if (at >= text.length) return true
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) === 10)) continue
    if (at > start || (code !== pad && (isDigit[code] === 0 || pads > 0))) return false
    if (code === pad) pads += 1
    if (pads > 2) return false
  }
  return true
}

function isForgivable(text: string): boolean {
  if (!text.includes('=')) return true
  let digits = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === pad && digits % 4 === 1 && text.charCodeAt(at + 1) !== pad) return false
    digits += isDigit[code] as number
  }
  return true
}
