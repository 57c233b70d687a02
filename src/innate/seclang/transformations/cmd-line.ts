import { scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

const dropped = 1
const blank = 2
const tight = 3

/** What happens to each byte; 0 keeps it. */
const kinds = new Uint8Array(256)
for (const character of '"\'\\^') kinds[character.charCodeAt(0)] = dropped
for (const character of ' ,;\t\r\n') kinds[character.charCodeAt(0)] = blank
for (const character of '/(') kinds[character.charCodeAt(0)] = tight

const changing = /["'\\^,;\t\r\nA-Z]| [ /(]/

export const cmdLine: SecTransformation = {
  name: 'cmdLine',
  means:
    'Undoes what shells ignore: no quotes, \\ and ^; , and ; as spaces, one in a row, none before / or (; lower case.',
  apply: (text) => (changing.test(text) ? rewrite(text) : text),
  triggers: ['"', "'", '\\', '^', ',', ';', '\t', '\r', '\n', '  ', ' /', ' ('],
}

function rewrite(text: string): string {
  const out = scratch(text.length)
  let size = 0
  let isBlank = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const kind = kinds[code]
    if (kind === dropped) continue
    if (kind === blank) {
      if (!isBlank) out[size++] = 32
      isBlank = true
      continue
    }
    if (kind === tight && isBlank) size -= 1
    out[size++] = code >= 65 && code <= 90 ? code + 32 : code
    isBlank = false
  }
  return textOf(out, size, text)
}
