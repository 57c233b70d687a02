/** Numbers and strings of the SQL dialects. Each function reads on from where a literal starts and never looks back. */
import { isBlank, isDigit, isLetter } from './sql-characters.ts'
import type { SqlToken } from './sql-token.ts'
import { sqlKinds } from './sql-token.ts'

const backslash = 92
const quote = 39

/**
 * Reads a string whose content starts at `from`, up to its closing quote. A doubled quote and a quote behind an odd
 * number of backslashes belong to the content. Returns where to read on.
 */
export function readString(text: string, from: number, close: number, open: number, token: SqlToken): number {
  token.kind = sqlKinds.string
  token.start = from
  token.open = open
  let backslashes = 0
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === close && backslashes % 2 === 0) {
      if (text.charCodeAt(at + 1) !== close) {
        token.end = at
        token.close = close
        return at + 1
      }
      at += 1
    }
    backslashes = code === backslash ? backslashes + 1 : 0
  }
  token.end = text.length
  token.close = 0
  return text.length
}

/** Reads a string that ends at a fixed text: Oracle's `q'[...]'`, PostgreSQL's `$tag$...$tag$`. */
export function readUntil(text: string, from: number, ending: string, quoteCode: number, token: SqlToken): number {
  const end = text.indexOf(ending, from)
  token.kind = sqlKinds.string
  token.start = from
  token.open = quoteCode
  token.close = end < 0 ? 0 : quoteCode
  token.end = end < 0 ? text.length : end
  return end < 0 ? text.length : end + ending.length
}

const closers = new Map([
  [40, ')'],
  [91, ']'],
  [123, '}'],
  [60, '>'],
])

/** `q'[...]'` from its quote at `from`, or -1 when it is none. */
export function readOracleString(text: string, from: number, token: SqlToken): number {
  if (text.charCodeAt(from) !== quote || from + 1 >= text.length) return -1
  const delimiter = text.charCodeAt(from + 1)
  if (delimiter < 33) return -1
  const closer = closers.get(delimiter) ?? String.fromCharCode(delimiter)
  return readUntil(text, from + 2, `${closer}'`, quote, token)
}

/** `x'1F'` and `b'01'` from the quote at `from`, or -1 when something else stands between the quotes. */
export function readQuotedDigits(text: string, from: number, isHex: boolean, token: SqlToken): number {
  if (text.charCodeAt(from) !== quote) return -1
  const end = skipRadixDigits(text, from + 1, isHex)
  if (text.charCodeAt(end) !== quote) return -1
  token.kind = sqlKinds.number
  token.start = from - 1
  token.end = end + 1
  return end + 1
}

function skipRadixDigits(text: string, from: number, isHex: boolean): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const isMember = isHex ? isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102) : code === 48 || code === 49
    if (!isMember) break
    at += 1
  }
  return at
}

function skipDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at += 1
  return at
}

/** Reads a number that starts with a digit or a dot; a lone dot is a dot, `0x` and `1e` without digits are barewords. */
export function readNumber(text: string, from: number, token: SqlToken): number {
  token.kind = sqlKinds.number
  token.start = from
  const radix = text.charCodeAt(from) === 48 ? text.charCodeAt(from + 1) | 32 : 0
  if (radix === 120 || radix === 98) {
    token.end = skipRadixDigits(text, from + 2, radix === 120)
    if (token.end === from + 2) token.kind = sqlKinds.bareword
    return token.end
  }
  let at = skipDigits(text, from)
  if (text.charCodeAt(at) === 46) at = skipDigits(text, at + 1)
  if (at === from + 1 && text.charCodeAt(from) === 46) token.kind = sqlKinds.dot
  else at = readExponent(text, at, token)
  token.end = at
  return at
}

function readExponent(text: string, from: number, token: SqlToken): number {
  let at = from
  if ((text.charCodeAt(at) | 32) === 101) {
    const sign = text.charCodeAt(at + 1)
    const digits = sign === 43 || sign === 45 ? at + 2 : at + 1
    at = skipDigits(text, digits)
    if (at === digits) token.kind = sqlKinds.bareword
  }
  const suffix = text.charCodeAt(at) | 32
  if ((suffix === 100 || suffix === 102) && isAfterSuffix(text, at + 1)) at += 1
  return at
}

/** Oracle's `1d` and `1f`, also glued to a following UNION. */
function isAfterSuffix(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return at >= text.length || isBlank(code) || code === 59 || (code | 32) === 117
}

/** `$1,000.00`, `$$text$$`, `$tag$text$tag$`; anything else after a dollar is a bareword. */
export function readMoney(text: string, from: number, token: SqlToken): number {
  let at = from + 1
  while (isDigit(text.charCodeAt(at)) || text.charCodeAt(at) === 46 || text.charCodeAt(at) === 44) at += 1
  token.start = from
  token.end = at
  token.kind = sqlKinds.number
  if (at > from + 2 || (at === from + 2 && text.charCodeAt(from + 1) !== 46)) return at
  while (isLetter(text.charCodeAt(at))) at += 1
  if (text.charCodeAt(at) === 36) return readUntil(text, at + 1, text.slice(from, at + 1), 36, token)
  token.kind = sqlKinds.bareword
  token.end = from + 1
  return from + 1
}
