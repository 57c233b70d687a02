import { hexByte } from '../byte-strings.ts'

/** The phrases of `@pm`: words; `|20 0a|` spells bytes, a backslash escapes | " : ; and itself. */
export function parsePhrases(argument: string): readonly string[] {
  const trimmed = argument.trim()
  const bare = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed
  return wordsOf(decodePhrases(bare) ?? trimmed)
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\t-\r ]+/).filter((word) => word !== '')
}

const escapable = '|:;\\"'

/** The argument with its escapes read; `null` when one is wrong, then the argument counts as written. */
function decodePhrases(text: string): string | null {
  let out = ''
  let isHex = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '|') isHex = !isHex
    else if (isHex) {
      if (character === ' ') continue
      const byte = hexByte(text, at)
      if (byte < 0) return null
      out += String.fromCharCode(byte)
      at += 1
    } else if (character === '\\') {
      at += 1
      if (at >= text.length || !escapable.includes(text.charAt(at))) return null
      out += text.charAt(at)
    } else out += character
  }
  return isHex ? null : out
}

/** The phrases of a file: one a line; blank lines and those that start with # do not count. */
export function parsePhraseFile(content: string): readonly string[] {
  return content
    .split('\n')
    .map((line) => line.replace(/^[\t-\r ]+|[\t-\r ]+$/g, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
}
