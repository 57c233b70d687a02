import { conceptOf, firstConcept, longestConcept } from './concepts.ts'

/**
 * The skeleton of a value: words by what they stand for, names, numbers and short strings as one token, blanks and
 * comments as none. Three tokens in a row make a phrase. What an attacker may choose freely is gone from it.
 *
 *   "-1' UNION/**\/SELECT 1,name FROM users"  ->  value quote UNION SELECT value , value FROM value
 *   "7\" union select 'a',mail from people "   ->  value quote UNION SELECT value , value FROM value
 */
export type PhraseVisitor = (phraseHash: number, strength: number) => void

const value = 1
const quote = 2
const dots = 3
const comment = 4
const handler = 5
const reference = 6
const firstSign = 8
const signs = '<>(){}[]=;|&$%*!/~^#?@:,.-'
const blank = 0
const longestLiteral = 48
const longestComment = 256

const isWordCode = Uint8Array.from({ length: 128 }, (_, code) => (/[a-z0-9_]/i.test(String.fromCharCode(code)) ? 1 : 0))
const signOf = Uint8Array.from({ length: 128 }, (_, code) => signNumber(String.fromCharCode(code)))

function signNumber(character: string): number {
  if (character === '\\') return signNumber('/')
  if (character === "'" || character === '"' || character === '`') return quote
  const place = signs.indexOf(character)
  return place === -1 ? blank : firstSign + place
}
const slash = signNumber('/')
const dot = signNumber('.')
const dash = signNumber('-')
const hash = signNumber('#')
/** Signs that ordinary text is full of; a phrase of them and of values says nothing. */
const ordinarySigns = new Set(
  ['.', ',', '-', ':', '/', '?', '@', '%', '#', '&', '=', '(', ')', '!', ';', '*', '~', '[', ']'].map(signNumber),
)
const weak = Uint8Array.from({ length: 128 }, (_, token) =>
  token === value || token === quote || ordinarySigns.has(token) ? 1 : 0,
)

/** Reads one value; made once, used for all. */
export function forEachPhrase(text: string, visit: PhraseVisitor): void {
  let first = 0
  let second = 0
  const push = (token: number): void => {
    if (token === second && (token === value || token === slash || token === dots || token === comment)) return
    if (first !== 0) emit(first, second, token, visit)
    first = second
    second = token
  }
  for (let at = 0; at < text.length; ) at = readToken(text, at, push)
}

function emit(first: number, second: number, third: number, visit: PhraseVisitor): void {
  const strength = strengthOf(first) + strengthOf(second) + strengthOf(third)
  visit(Math.imul((1 << 28) | (first << 14) | (second << 7) | third, 0x9e3779b1) >>> 0, strength)
}

function strengthOf(token: number): number {
  if (token >= firstConcept || token === handler || token === reference) return 2
  return (weak[token] as number) === 1 ? 0 : 1
}

function readToken(text: string, at: number, push: (token: number) => void): number {
  const code = text.charCodeAt(at)
  if (code >= 128) {
    push(value)
    return at + 1
  }
  if ((isWordCode[code] as number) === 1) return readWord(text, at, push)
  const sign = signOf[code] as number
  if (sign === blank) return at + 1
  if (sign === quote) return readQuote(text, at, push)
  if (code === 47 && text.charCodeAt(at + 1) === 42) return readComment(text, at)
  if (code === 42 && text.charCodeAt(at + 1) === 47) return at + 2
  if (sign === dot && text.charCodeAt(at + 1) === 46) {
    push(dots)
    let end = at + 2
    while (text.charCodeAt(end) === 46) end += 1
    return end
  }
  if ((sign === dash && text.charCodeAt(at + 1) === 45) || (sign === hash && at === text.length - 1)) {
    push(comment)
    return at + (sign === dash ? 2 : 1)
  }
  push(sign)
  return at + 1
}

function readWord(text: string, at: number, push: (token: number) => void): number {
  let end = at + 1
  while (end < text.length && (isWordCode[text.charCodeAt(end)] ?? 0) === 1) end += 1
  push(end - at > longestConcept ? value : wordToken(text.slice(at, end).toLowerCase(), text.charCodeAt(end)))
  return end
}

function wordToken(word: string, next: number): number {
  const concept = conceptOf(word)
  if (concept !== undefined) return concept
  return word.length > 4 && word.startsWith('on') && (next === 61 || next === 32 || next === 9 || next === 10)
    ? handler
    : value
}

/** A short string between two equal quotes is a value; any other quote stands for itself. */
function readQuote(text: string, at: number, push: (token: number) => void): number {
  const open = text.charCodeAt(at)
  let end = at + 1
  while (end < text.length && end - at <= longestLiteral && isPlain(text.charCodeAt(end))) end += 1
  if (text.charCodeAt(end) !== open || holdsConcept(text, at + 1, end)) {
    push(quote)
    return at + 1
  }
  push(value)
  return end + 1
}

function isPlain(code: number): boolean {
  return code >= 128 || code === 32 || (isWordCode[code] as number) === 1
}

function holdsConcept(text: string, start: number, end: number): boolean {
  if (start === end) return false
  return text
    .slice(start, end)
    .toLowerCase()
    .split(' ')
    .some((word) => conceptOf(word) !== undefined)
}

/** A comment is left out; of one that a database executes, only its marks. */
function readComment(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 33) {
    const close = text.slice(at + 2, at + 2 + longestComment).indexOf('*/')
    return close === -1 ? at + 2 : at + close + 4
  }
  let end = at + 3
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1
  return end
}
