import type { SecTransformation } from './sec-transformation.ts'

const upper = /[A-Z]/
const lower = /[a-z]/

/** Letters beyond ASCII keep their case: bytes have none. `toLowerCase` alone would change U+00C0 to U+00DE. */
export function lowerAscii(text: string): string {
  return upper.test(text) ? mapAscii(text, (ascii) => ascii.toLowerCase()) : text
}

const wide = /[^\0-\x7f]/
const asciiRun = /[\0-\x7f]+/g

function mapAscii(text: string, change: (ascii: string) => string): string {
  return wide.test(text) ? text.replace(asciiRun, change) : change(text)
}

export const lowercase: SecTransformation = {
  name: 'lowercase',
  means: 'Turns the letters A to Z to lower case.',
  apply: lowerAscii,
  triggers: [],
  isCaseOnly: true,
}

export const uppercase: SecTransformation = {
  name: 'uppercase',
  means: 'Turns the letters a to z to upper case.',
  apply: (text) => (lower.test(text) ? mapAscii(text, (ascii) => ascii.toUpperCase()) : text),
  triggers: [],
  isCaseOnly: true,
}

export const none: SecTransformation = {
  name: 'none',
  means: 'Forgets the transformations before it, those of SecDefaultAction too; changes nothing by itself.',
  apply: (text) => text,
  triggers: [],
  isCaseOnly: true,
}
