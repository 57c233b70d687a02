/** One argument of a directive, without its quotes. */
export type Word = {
  readonly text: string
  readonly isQuoted: boolean
  /** False when the line ended before the closing quote did; ModSecurity takes the rest of the line. */
  readonly isClosed: boolean
}

const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 11 || code === 12 || code === 13

/** Splits a line into words: "..." and '...' may hold blanks; a bare word that begins with # ends the line. */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = []
  let at = 0
  for (;;) {
    while (at < line.length && isBlank(line.charCodeAt(at))) at += 1
    if (at >= line.length) return words
    const first = line.charAt(at)
    if (first === '#' && words.length > 0) return words
    const end = first === '"' || first === "'" ? endOfQuoted(line, at) : endOfBare(line, at)
    if (first === '"' || first === "'") {
      words.push({ text: unescapeQuotes(line.slice(at + 1, end), first), isQuoted: true, isClosed: end < line.length })
      at = end + 1
    } else {
      words.push({ text: line.slice(at, end), isQuoted: false, isClosed: true })
      at = end
    }
  }
}

function endOfBare(line: string, start: number): number {
  let at = start
  while (at < line.length && !isBlank(line.charCodeAt(at))) at += 1
  return at
}

/** Index of the closing quote; a backslash takes the meaning from what follows it. */
export function endOfQuoted(text: string, open: number): number {
  const quote = text.charCodeAt(open)
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 92) at += 1
    else if (code === quote) return at
  }
  return text.length
}

/** `\"` becomes `"`. Every other backslash stays: it belongs to the pattern. */
export function unescapeQuotes(text: string, quote: string): string {
  if (!text.includes(`\\${quote}`)) return text
  let plain = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character !== '\\' || at + 1 >= text.length) plain += character
    else {
      at += 1
      plain += text.charAt(at) === quote ? quote : character + text.charAt(at)
    }
  }
  return plain
}
