import { excerptOf, skipBlanks } from './reading.ts'
import { endOfQuoted, unescapeQuotes } from './words.ts'

/** One entry of an action list: `msg:'text'`, `deny`. */
export type ActionText = {
  /** Lower case. */
  readonly name: string
  /** As written, for people. */
  readonly written: string
  readonly value: string | null
}

/** Splits `id:1,msg:'a, b',deny`. Throws an Error that says what is wrong. */
export function parseActionList(text: string): readonly ActionText[] {
  const actions: ActionText[] = []
  let at = skipBlanks(text, 0)
  while (at < text.length) {
    const name = /[A-Za-z][A-Za-z0-9_]*/y
    name.lastIndex = at
    const written = name.exec(text)?.[0]
    if (written === undefined) throw new Error(`expected an action, found ${excerptOf(text, at)}`)
    const value = readValue(text, skipBlanks(text, at + written.length))
    actions.push({ name: written.toLowerCase(), written, value: value.text })
    at = skipComma(text, skipBlanks(text, value.end))
  }
  return actions
}

function readValue(text: string, at: number): { readonly text: string | null; readonly end: number } {
  if (text.charAt(at) !== ':') return { text: null, end: at }
  const start = skipBlanks(text, at + 1)
  if (text.charAt(start) !== "'") {
    const end = endOfPlain(text, start)
    return { text: text.slice(start, end).trimEnd(), end }
  }
  const end = endOfQuoted(text, start)
  if (end >= text.length) throw new Error(`the quote before ${excerptOf(text, start + 1)} is never closed`)
  return { text: unescapeQuotes(text.slice(start + 1, end), "'"), end: end + 1 }
}

/** Up to the next comma; `name='a, b'` keeps its quotes and what is in them. */
function endOfPlain(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charAt(at) !== ',') {
    const isQuote = text.charAt(at) === "'" && text.charAt(at - 1) === '='
    const close = isQuote ? endOfQuoted(text, at) : text.length
    at = close < text.length ? close + 1 : at + 1
  }
  return at
}

function skipComma(text: string, at: number): number {
  if (at >= text.length) return at
  if (text.charAt(at) !== ',') throw new Error(`expected a comma, found ${excerptOf(text, at)}`)
  const next = skipBlanks(text, at + 1)
  // A list may end in a comma: what remains of a line that was cut at a continuation.
  if (text.charAt(next) === ',') throw new Error('expected an action, found another comma')
  return next
}
