import { excerptOf, skipBlanks } from './reading.ts'
import { endOfQuoted, unescapeQuotes } from './words.ts'

/** One member of a variable list: `!ARGS:/^a/`, `&TX:score`. */
export type VariableText = {
  readonly isExcluded: boolean
  readonly isCount: boolean
  /** Upper case. */
  readonly name: string
  readonly key: KeyText
  /** As written, for people. */
  readonly written: string
}

export type KeyText =
  | { readonly kind: 'all' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'pattern'; readonly source: string }
  | { readonly kind: 'path'; readonly path: string }

/** Splits `ARGS|!ARGS:/^a|b/|&TX:x|XML:/*`. Throws an Error that says what is wrong. */
export function parseVariableList(text: string): readonly VariableText[] {
  const variables: VariableText[] = []
  let at = 0
  for (;;) {
    const variable = readVariable(text, skipBlanks(text, at))
    variables.push(variable.variable)
    at = skipBlanks(text, variable.end)
    if (at >= text.length) return variables
    const separator = text.charAt(at)
    if (separator !== '|' && separator !== ',')
      throw new Error(`expected | between variables, found ${excerptOf(text, at)}`)
    at += 1
  }
}

function readVariable(text: string, start: number): { readonly variable: VariableText; readonly end: number } {
  const head = /([!&]*)[ \t]*([A-Za-z_][A-Za-z0-9_]*)/y
  head.lastIndex = start
  const found = head.exec(text)
  const prefix = found?.[1] ?? ''
  if (found === null || prefix.length > 1) throw new Error(`expected a variable, found ${excerptOf(text, start)}`)
  const name = (found[2] ?? '').toUpperCase()
  const separator = text.charAt(head.lastIndex)
  const key =
    separator === ':' || separator === '.'
      ? readKey(text, head.lastIndex + 1, name)
      : { key: { kind: 'all' } as const, end: head.lastIndex }
  return {
    variable: {
      isExcluded: prefix === '!',
      isCount: prefix === '&',
      name,
      key: key.key,
      written: text.slice(start, key.end),
    },
    end: key.end,
  }
}

type Key = { readonly key: KeyText; readonly end: number }

function readKey(text: string, start: number, name: string): Key {
  const key = text.charAt(start) === "'" ? readQuotedKey(text, start, name) : readBareKey(text, start, name)
  const content = key.key.kind === 'key' ? key.key.key : 'more'
  if (content === '') throw new Error(`expected a key after ${name}:, found ${excerptOf(text, start)}`)
  return key
}

function readQuotedKey(text: string, start: number, name: string): Key {
  const end = endOfQuoted(text, start)
  if (end >= text.length) throw new Error(`the quote after ${name}: is never closed`)
  const content = unescapeQuotes(text.slice(start + 1, end), "'")
  const isPattern = name !== 'XML' && content.length > 1 && content.startsWith('/') && content.endsWith('/')
  if (isPattern) return { key: { kind: 'pattern', source: content.slice(1, -1) }, end: end + 1 }
  return { key: name === 'XML' ? { kind: 'path', path: content } : { kind: 'key', key: content }, end: end + 1 }
}

function readBareKey(text: string, start: number, name: string): Key {
  if (name === 'XML') {
    const end = endOfPath(text, start)
    return { key: { kind: 'path', path: text.slice(start, end).trimEnd() }, end }
  }
  if (text.charAt(start) === '/') return readPatternKey(text, start, name)
  const end = nextSeparator(text, start)
  return { key: { kind: 'key', key: text.slice(start, end).trimEnd() }, end }
}

/** The pattern ends at the first slash that a separator or the end follows. */
function readPatternKey(text: string, start: number, name: string): Key {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '\\') at += 1
    else if (character === '/' && isEnd(text.charAt(at + 1))) {
      return { key: { kind: 'pattern', source: text.slice(start + 1, at) }, end: at + 1 }
    }
  }
  throw new Error(`the pattern after ${name}: is never closed with /; quote a key that begins with one`)
}

const isEnd = (character: string): boolean =>
  character === '' || character === '|' || character === ',' || character === ' ' || character === '\t'

function nextSeparator(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charAt(at) !== '|' && text.charAt(at) !== ',') at += 1
  return at
}

/** An XPath may hold | and , within brackets, parentheses and quotes. */
function endOfPath(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '[' || character === '(') depth += 1
    else if (character === ']' || character === ')') depth -= 1
    else if (character === "'" || character === '"') at = endOfQuoted(text, at)
    else if (depth <= 0 && (character === '|' || character === ',')) return at
  }
  return text.length
}
