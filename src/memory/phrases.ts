import { conceptOf, emptyWord, extendWord, firstConcept } from './concepts.ts'

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
/** How much each token says: a word of use 2, a rare sign 1, a value or an ordinary sign nothing. */
const strengths = Uint8Array.from({ length: 128 }, (_, token) => {
  if (token >= firstConcept || token === handler) return 2
  return token === value || token === quote || ordinarySigns.has(token) ? 0 : 1
})

/** The last two tokens and who is told; kept here, since a walk is over before the next begins. */
let first = 0
let second = 0
let visitor: PhraseVisitor = () => undefined

/** Calls back for every phrase in order, repeated ones included. Not to be called from within a visitor. */
export function forEachPhrase(text: string, visit: PhraseVisitor): void {
  first = 0
  second = 0
  visitor = visit
  for (let at = 0; at < text.length; ) at = readToken(text, at)
}

function push(token: number): void {
  if (token === second && (token === value || token === slash || token === dots || token === comment)) return
  if (first !== 0) {
    const strength = (strengths[first] as number) + (strengths[second] as number) + (strengths[token] as number)
    const phrase = (1 << 28) | (first << 14) | (second << 7) | token
    visitor(Math.imul(phrase, 0x9e3779b1) >>> 0, strength)
  }
  first = second
  second = token
}

function readToken(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 128) {
    push(value)
    return at + 1
  }
  if ((isWordCode[code] as number) === 1) return readWord(text, at)
  const sign = signOf[code] as number
  if (sign === blank) return at + 1
  if (sign === quote) return readQuote(text, at)
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

function readWord(text: string, at: number): number {
  let hash = emptyWord
  let end = at
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end)
    if (code >= 128 || (isWordCode[code] as number) === 0) break
    hash = extendWord(hash, code)
  }
  const concept = conceptOf(hash)
  push(concept === 0 ? nameToken(text, at, end) : concept)
  return end
}

/** `onload`, `onerror` and their like are told by their form; all other names are values. */
function nameToken(text: string, start: number, end: number): number {
  if (end - start <= 4 || (text.charCodeAt(start) | 32) !== 111 || (text.charCodeAt(start + 1) | 32) !== 110) {
    return value
  }
  const next = text.charCodeAt(end)
  return next === 61 || next === 32 || next === 9 || next === 10 ? handler : value
}

/** A short string between two equal quotes is a value; any other quote stands for itself. */
function readQuote(text: string, at: number): number {
  const open = text.charCodeAt(at)
  const last = Math.min(text.length, at + longestLiteral)
  let hash = emptyWord
  for (let end = at + 1; end < last; end += 1) {
    const code = text.charCodeAt(end)
    if (code < 128 && (isWordCode[code] as number) === 1) {
      hash = extendWord(hash, code)
      continue
    }
    if (conceptOf(hash) !== 0) break
    if (code === open) {
      push(value)
      return end + 1
    }
    if (code < 128 && code !== 32) break
    hash = emptyWord
  }
  push(quote)
  return at + 1
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
