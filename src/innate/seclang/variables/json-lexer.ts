import { hexDigit } from '../byte-strings.ts'
import { utf8OfCodePoint } from './byte-text.ts'

const quote = 0x22
const backslash = 0x5c

/** Steps through a JSON text (RFC 8259) that is a byte string. What is not escaped comes back as a slice. */
export type JsonLexer = {
  /** Steps over one character when it stands here. */
  readonly take: (mark: string) => boolean
  readonly skipBlank: () => void
  readonly isAtEnd: () => boolean
  /** A string without quotes and escapes, or null. */
  readonly readText: () => string | null
  /** A string, a number, `true`, `false`, or '' for `null`; null when none stands here. */
  readonly readLeaf: () => string | null
  /** Why the last step did not work. */
  readonly error: () => string
}

export function createJsonLexer(text: string): JsonLexer {
  let position = 0
  let problem = ''

  const fail = (why: string): null => {
    problem = `${why} at byte ${position}`
    return null
  }

  const readText = (): string | null => {
    if (text.charCodeAt(position) !== quote) return fail('a string is expected')
    const end = quoteEnd(text, position + 1)
    if (end.fault !== null) return fail(end.fault)
    const start = position + 1
    const value = end.hasEscape ? unescapeJson(text, start, end.at) : text.slice(start, end.at)
    if (value === null) return fail('inside a string, a backslash occurs before a character which it may not')
    position = end.at + 1
    return value
  }

  const readLeaf = (): string | null => {
    const code = text.charCodeAt(position)
    if (code === quote) return readText()
    const literal = literalAt(text, position)
    if (literal !== undefined) {
      position += literal.length
      return literal === 'null' ? '' : literal
    }
    const end = numberEnd(text, position)
    if (end === -1) return fail(position >= text.length ? 'premature EOF' : 'invalid char in json text')
    const value = text.slice(position, end)
    position = end
    return value
  }

  return {
    take: (mark) => {
      if (text.charCodeAt(position) !== mark.charCodeAt(0)) return false
      position += 1
      return true
    },
    skipBlank: () => {
      let code = text.charCodeAt(position)
      while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
        position += 1
        code = text.charCodeAt(position)
      }
    },
    isAtEnd: () => position >= text.length,
    readText,
    readLeaf,
    error: () => (problem === '' ? `unexpected text at byte ${position}` : problem),
  }
}

/** Place of the closing quote. One object for all, as there is one for each string of a body. */
const closing: { at: number; hasEscape: boolean; fault: string | null } = { at: 0, hasEscape: false, fault: null }

function quoteEnd(text: string, start: number): typeof closing {
  closing.hasEscape = false
  closing.fault = null
  let index = start
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === quote) break
    if (code === backslash) {
      closing.hasEscape = true
      index += 1
    } else if (code < 0x20) closing.fault = 'invalid character inside string'
    else if (code >= 0x80) {
      const length = sequenceLength(text, index)
      if (length === 0) closing.fault = 'invalid bytes in UTF8 string'
      index += length - 1
    }
    if (closing.fault !== null) return closing
  }
  closing.at = index
  if (index >= text.length) closing.fault = 'premature EOF'
  return closing
}

const literals: readonly string[] = ['true', 'false', 'null']

function literalAt(text: string, position: number): string | undefined {
  const code = text.charCodeAt(position)
  if (code !== 0x74 && code !== 0x66 && code !== 0x6e) return undefined
  return literals.find((literal) => text.startsWith(literal, position))
}

/** Behind a number, or -1. What follows it is somebody else's question: `01` is `0` and then garbage. */
function numberEnd(text: string, start: number): number {
  const first = text.charCodeAt(start) === 0x2d ? start + 1 : start
  let end = text.charCodeAt(first) === 0x30 ? first + 1 : digitsEnd(text, first)
  if (end === first) return -1
  if (text.charCodeAt(end) === 0x2e) {
    const fraction = digitsEnd(text, end + 1)
    if (fraction === end + 1) return -1
    end = fraction
  }
  if ((text.charCodeAt(end) | 0x20) !== 0x65) return end
  const sign = text.charCodeAt(end + 1)
  const digits = sign === 0x2b || sign === 0x2d ? end + 2 : end + 1
  const exponent = digitsEnd(text, digits)
  return exponent === digits ? -1 : exponent
}

function digitsEnd(text: string, start: number): number {
  let end = start
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1
  return end
}

/** Length of the UTF-8 sequence that starts here, by its lead and continuation bytes alone; 0 when it is none. */
function sequenceLength(text: string, start: number): number {
  const lead = text.charCodeAt(start)
  const length = lead >> 5 === 0x06 ? 2 : lead >> 4 === 0x0e ? 3 : lead >> 3 === 0x1e ? 4 : 0
  for (let index = 1; index < length; index += 1) if (text.charCodeAt(start + index) >> 6 !== 2) return 0
  return length
}

const simpleEscapes: ReadonlyMap<number, string> = new Map([
  [quote, '"'],
  [backslash, '\\'],
  [0x2f, '/'],
  [0x62, '\b'],
  [0x66, '\f'],
  [0x6e, '\n'],
  [0x72, '\r'],
  [0x74, '\t'],
])

/** The text between two quotes with its escapes taken out; null when one is not an escape of JSON. */
function unescapeJson(text: string, start: number, end: number): string | null {
  let result = ''
  let position = start
  for (;;) {
    const at = text.indexOf('\\', position)
    if (at === -1 || at >= end) return result + text.slice(position, end)
    result += text.slice(position, at)
    const simple = simpleEscapes.get(text.charCodeAt(at + 1))
    if (simple !== undefined) {
      result += simple
      position = at + 2
      continue
    }
    const unit = unitAt(text, at, end)
    if (unit === -1) return null
    position = at + 6
    if (unit >> 10 !== 0x36) {
      result += utf8OfCodePoint(unit)
      continue
    }
    const low = unitAt(text, position, end)
    // As the reference's parser has it: a first half without a second one is a question mark.
    if (low === -1) result += '?'
    else {
      result += utf8OfCodePoint(0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff))
      position += 6
    }
  }
}

/** The number of a `\u0041` at `at`, or -1. */
function unitAt(text: string, at: number, end: number): number {
  if (at + 6 > end || text.charCodeAt(at) !== backslash || text.charCodeAt(at + 1) !== 0x75) return -1
  let unit = 0
  for (let index = at + 2; index < at + 6; index += 1) {
    const digit = hexDigit(text.charCodeAt(index))
    if (digit === -1) return -1
    unit = unit * 16 + digit
  }
  return unit
}
