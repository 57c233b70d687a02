/**
 * Shortens a run of tokens without changing what it does to a statement: `1 + 2 * 3` is a number, `(a, b)` a name,
 * a sign before a value is nothing. What is left of an attack is its skeleton, and five tokens of it tell.
 *
 *   slots   1 ) & ( E | next tokens        a window of two, then three, moves over the slots;
 *               ^ left                     whatever merges makes it start again at the left
 */
import type { Work } from '../operators/operator.ts'
import { findPhrase, wordKind, wordNumber } from './sql-dictionary.ts'
import type { SqlToken } from './sql-token.ts'
import { copySqlToken, createSqlToken, sqlKinds as k } from './sql-token.ts'
import type { SqlScan } from './sql-tokenizer.ts'
import { nextSqlToken } from './sql-tokenizer.ts'

/** Tokens that a fingerprint has at most. */
export const fingerprintLength = 5

/** The window: `slots[left]` and what follows, `size` slots in use. */
export type SqlWindow = { readonly slots: readonly SqlToken[]; left: number; size: number; readonly comment: SqlToken }

export const createSqlWindow = (): SqlWindow => ({
  slots: Array.from({ length: fingerprintLength + 3 }, createSqlToken),
  left: 0,
  size: 0,
  comment: createSqlToken(),
})

const spare = createSqlToken()
const slot = (window: SqlWindow, index: number): SqlToken => window.slots[index] ?? spare

/** Folds the whole text; afterwards the first `size` slots (at most five) are the skeleton. */
export function foldSql(scan: SqlScan, window: SqlWindow, work: Work | undefined): void {
  window.left = 0
  window.size = 0
  window.comment.kind = 0
  if (!skipOpening(scan, window, work)) return
  window.size = 1
  let isMore = true
  for (;;) {
    if (window.size >= fingerprintLength) foldFull(window)
    if (!isMore || window.left >= fingerprintLength) break
    isMore = fill(scan, window, 2, work)
    if (window.size - window.left < 2) {
      window.left = window.size
      continue
    }
    const pair = foldPair(scan.text, window)
    if (pair === 'evil') return
    if (pair === 'merged') continue
    if (isMore) isMore = fill(scan, window, 3, work)
    if (window.size - window.left < 3) {
      window.left = window.size
      continue
    }
    if (!foldTriple(scan.text, window)) window.left += 1
  }
  finish(window)
}

/** What opens a text says nothing: comments, brackets, types and signs before the first token that does. */
function skipOpening(scan: SqlScan, window: SqlWindow, work: Work | undefined): boolean {
  const first = slot(window, 0)
  while (nextSqlToken(scan, first, work)) {
    const { kind } = first
    if (kind === k.comment || kind === k.opening || kind === k.type || isSign(scan.text, first)) continue
    return true
  }
  first.kind = k.comment
  return false
}

/** Reads until the window shows `wanted` slots. Comments between tokens are blanks; only a last one counts. */
function fill(scan: SqlScan, window: SqlWindow, wanted: number, work: Work | undefined): boolean {
  while (window.size <= fingerprintLength && window.size - window.left < wanted) {
    const token = slot(window, window.size)
    if (!nextSqlToken(scan, token, work)) return false
    if (token.kind === k.comment) copySqlToken(token, window.comment)
    else {
      window.comment.kind = 0
      window.size += 1
    }
  }
  return true
}

function finish(window: SqlWindow): void {
  if (window.left < fingerprintLength && window.comment.kind === k.comment) {
    copySqlToken(window.comment, slot(window, window.left))
    window.left += 1
  }
  window.size = Math.min(window.left, fingerprintLength)
}

const not = wordNumber('not')

/** An operator that may stand before a value: `+ - ! ~ !!` and NOT. */
function isSign(text: string, token: SqlToken): boolean {
  if (token.kind !== k.operator) return false
  const code = text.charCodeAt(token.start)
  const length = token.end - token.start
  if (length === 1) return code === 43 || code === 45 || code === 33 || code === 126
  return token.word === not || (length === 2 && code === 33 && text.charCodeAt(token.start + 1) === 33)
}

const isArithmetic = (text: string, token: SqlToken): boolean =>
  token.kind === k.operator && token.end - token.start === 1 && '*/-+%'.includes(text.charAt(token.start))

const isValue = (kind: number): boolean =>
  kind === k.number || kind === k.bareword || kind === k.variable || kind === k.string

/** Drops `count` slots at the end of the window and starts again `back` slots further left. */
function merge(window: SqlWindow, count: number, back: number): 'merged' {
  window.size -= count
  window.left = Math.max(0, window.left - back)
  return 'merged'
}
const all = fingerprintLength + 3

type Outcome = 'merged' | 'kept' | 'evil'

function foldPair(text: string, window: SqlWindow): Outcome {
  const left = slot(window, window.left)
  const right = slot(window, window.left + 1)
  const a = left.kind
  const b = right.kind
  if (a === k.string && b === k.string) return merge(window, 1, 0)
  if (a === b && a === k.semicolon) return merge(window, 1, 0)
  if ((a === k.operator || a === k.logic) && (b === k.type || isSign(text, right))) return merge(window, 1, all)
  if (a === k.opening && isSign(text, right)) return merge(window, 1, 1)
  if (mergePhrase(left, right)) return merge(window, 1, 1)
  if (a === k.semicolon && right.word === ifWord) {
    right.kind = k.batch
    window.left += 1
    return 'merged'
  }
  return foldBrackets(text, window, left, right)
}

const ifWord = wordNumber('if')
const inWords = new Set(['in', 'not in'].map(wordNumber))
const likeWords = new Set(['like', 'not like'].map(wordNumber))
/** Names that are functions where a bracket follows and columns elsewhere. */
const callable = new Set(
  'user_id user_name database password user current_user current_date current_time current_timestamp localtime localtimestamp'
    .split(' ')
    .map(wordNumber),
)

function foldBrackets(text: string, window: SqlWindow, left: SqlToken, right: SqlToken): Outcome {
  const a = left.kind
  const b = right.kind
  if (b === k.opening && (a === k.bareword || a === k.variable) && callable.has(left.word)) {
    left.kind = k.function
    return 'merged'
  }
  if (a === k.keyword && inWords.has(left.word)) {
    left.kind = b === k.opening ? k.operator : k.bareword
    return 'merged'
  }
  if (a === k.operator && b === k.opening && likeWords.has(left.word)) left.kind = k.function
  return foldNeighbours(text, window, left, right)
}

/** Types, collations and brackets say little about what stands beside them. */
function foldNeighbours(text: string, window: SqlWindow, left: SqlToken, right: SqlToken): Outcome {
  const a = left.kind
  const b = right.kind
  if (a === k.type && (isValue(b) || b === k.type || b === k.opening || b === k.function)) return replace(window, 1)
  else if (a === k.collate && b === k.bareword && text.slice(right.start, right.end).includes('_')) {
    right.kind = k.type
    window.left = 0
  } else if (a === k.backslash) {
    if (!isArithmetic(text, right)) return replace(window, 1)
    left.kind = k.number
    return merge(window, 0, all)
  } else if ((a === k.opening || a === k.closing) && a === b) return merge(window, 1, all)
  else if (a === k.braceOpening && b === k.bareword) {
    if (right.end > right.start) return merge(window, 2, all)
    left.kind = k.evil
    return 'evil'
  } else if (b === k.braceClosing) return merge(window, 1, all)
  return 'kept'
}

/** The right one takes the place of the one before it, `at` slots right of the window's left. */
function replace(window: SqlWindow, at: number): 'merged' {
  copySqlToken(slot(window, window.left + at), slot(window, window.left + at - 1))
  return merge(window, 1, all)
}

function mergePhrase(left: SqlToken, right: SqlToken): boolean {
  if (left.word === 0 || right.word === 0) return false
  const phrase = findPhrase(left.word, right.word)
  if (phrase === 0) return false
  left.word = phrase
  // `; if not exists` stays the beginning of a statement.
  if (left.kind !== k.batch) left.kind = wordKind(phrase)
  left.end = right.end
  return true
}

const userWord = wordNumber('user')
const isDoubleColon = (text: string, token: SqlToken): boolean =>
  token.end - token.start === 2 && text.startsWith('::', token.start)

/** True when something merged. */
function foldTriple(text: string, window: SqlWindow): boolean {
  const left = slot(window, window.left)
  const middle = slot(window, window.left + 1)
  const a = left.kind
  const b = middle.kind
  const c = slot(window, window.left + 2).kind
  if (isDroppedTail(text, left, middle, c)) {
    merge(window, 2, all)
    return true
  }
  if (isSign(text, middle)) return foldSigned(window, a, c)
  if (a === k.expression && b === k.dot && c === k.bareword) {
    replace(window, 2)
    return true
  }
  if (a === k.function && b === k.opening && c !== k.closing && left.word === userWord) left.kind = k.bareword
  return false
}

/** `1 + 1`, `a.b`, `@x = 1`, `1::int`, `1, 'x'`: the first one stands for all three. */
function isDroppedTail(text: string, left: SqlToken, middle: SqlToken, c: number): boolean {
  const a = left.kind
  if (a === k.operator && c === k.operator) return middle.kind !== k.opening
  if (a === k.logic && c === k.logic) return middle.kind !== k.opening
  switch (middle.kind) {
    case k.operator:
      if (c === k.type) return isValue(a) && isDoubleColon(text, middle)
      if (a === k.variable) return c === k.variable || c === k.number || c === k.bareword
      return (a === k.number || a === k.bareword) && (c === k.number || c === k.bareword)
    case k.comma:
      return isValue(a) && isValue(c)
    case k.dot:
      return a === k.bareword && c === k.bareword
    default:
      return false
  }
}

/** A sign between a word and a value is nothing: `select -1`, `order by -x`, `, -1`. */
function foldSigned(window: SqlWindow, a: number, c: number): boolean {
  const isHead = a === k.expression || a === k.group
  if (c === k.opening ? isHead || a === k.comma : (isHead || a === k.keyword) && (isValue(c) || c === k.function)) {
    replace(window, 2)
    return true
  }
  if (a !== k.comma || !(isValue(c) || c === k.function)) return false
  if (c === k.function || window.size < 4) replace(window, 2)
  else merge(window, 3, all)
  return true
}

/** Full, and still all values in brackets: `1 + (2)`, `(1),(2)` are values too, and there is room again. */
function foldFull(window: SqlWindow): void {
  const [a, b, c, d, e] = window.slots.map((token) => token.kind)
  const isBracketed =
    (a === k.number && (b === k.operator || b === k.comma) && c === k.opening && d === k.number && e === k.closing) ||
    (a === k.bareword && b === k.operator && c === k.opening && (d === k.bareword || d === k.number) && e === k.closing)
  const isList = a === k.number && b === k.closing && c === k.comma && d === k.opening && e === k.number
  const isNames = a === k.bareword && b === k.closing && c === k.operator && d === k.opening && e === k.bareword
  if (!isBracketed && !isList && !isNames) return
  const hasNext = window.size > fingerprintLength
  if (hasNext) copySqlToken(slot(window, fingerprintLength), slot(window, 1))
  window.size = hasNext ? 2 : 1
  window.left = 0
}
