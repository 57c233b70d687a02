import type { SecTransformation } from './sec-transformation.ts'

const alphabet = /[A-Za-z0-9+/]/

export const base64Encode: SecTransformation = {
  name: 'base64Encode',
  means: 'Encodes with Base64.',
  apply: (text) => (text === '' ? text : Buffer.from(text, 'latin1').toString('base64')),
  triggers: [],
}

export const base64Decode: SecTransformation = {
  name: 'base64Decode',
  means: 'Decodes Base64 up to the first byte that is none.',
  apply: (text) => decodeRun(text),
  triggers: [],
}

export const base64DecodeExt: SecTransformation = {
  name: 'base64DecodeExt',
  means: 'Decodes Base64 and passes over bytes that are none.',
  apply: (text) => decodeRun(text.replace(/[^A-Za-z0-9+/=]/g, '')),
  triggers: [],
}

function decodeRun(text: string): string {
  let end = 0
  while (end < text.length && alphabet.test(text[end] ?? '')) end += 1
  return Buffer.from(text.slice(0, end), 'base64').toString('latin1')
}
