/** Cuts a text into SQL tokens, one at a time, each byte read once. */
import type { Work } from '../operators/operator.ts'
import * as characters from './sql-characters.ts'
import { findWord, longestWord, wordKind } from './sql-dictionary.ts'
import { readMoney, readNumber, readOracleString, readQuotedDigits, readString } from './sql-literals.ts'
import type { SqlToken } from './sql-token.ts'
import { sqlKinds } from './sql-token.ts'

/** Quote that the text is taken to stand in, as a character code; 0 for none. */
export type QuoteContext = 0 | 34 | 39

/** Where reading stands. One object is used for all texts. */
export type SqlScan = {
  text: string
  at: number
  context: QuoteContext
  /** MySQL reads `#` as a comment, and `--` only where a blank follows. */
  isMysql: boolean
  /** Tokens read so far, comments counted. */
  count: number
  /** Two dashes without a blank, or a hash: the MySQL flavour would read this text in another way. */
  isFlavoured: boolean
}

export const createSqlScan = (): SqlScan => ({
  text: '',
  at: 0,
  context: 0,
  isMysql: false,
  count: 0,
  isFlavoured: false,
})

export function startSqlScan(scan: SqlScan, text: string, context: QuoteContext, isMysql: boolean): void {
  scan.text = text
  scan.at = 0
  scan.context = context
  scan.isMysql = isMysql
  scan.count = 0
  scan.isFlavoured = false
}

/** Reads the next token into `token`; false at the end of the text. Books the bytes read. */
export function nextSqlToken(scan: SqlScan, token: SqlToken, work: Work | undefined): boolean {
  const from = scan.at
  const isThere = readToken(scan, token)
  if (work !== undefined) work.spent += scan.at - from
  if (isThere) scan.count += 1
  return isThere
}

function readToken(scan: SqlScan, token: SqlToken): boolean {
  const { text } = scan
  token.word = 0
  token.open = 0
  token.close = 0
  if (scan.at === 0 && scan.context !== 0 && text.length > 0) {
    scan.at = readString(text, 0, scan.context, 0, token)
    return true
  }
  let at = scan.at
  while (at < text.length && characters.isBlank(text.charCodeAt(at))) at += 1
  scan.at = at
  if (at >= text.length) return false
  scan.at = readAt(scan, text, at, token)
  return true
}

function readAt(scan: SqlScan, text: string, at: number, token: SqlToken): number {
  const code = text.charCodeAt(at)
  switch (characters.startOf(code)) {
    case characters.startsWord:
      return readPrefixed(text, at, code | 32, token)
    case characters.startsNumber:
      return readNumber(text, at, token)
    case characters.startsString:
      return readString(text, at + 1, code, code, token)
    case characters.startsOperator:
      return readOperator(text, at, code, token)
    case characters.startsSingle:
      return single(token, code, at)
    case characters.startsDash:
      return readDash(scan, text, at, token)
    case characters.startsHash:
      scan.isFlavoured = true
      return scan.isMysql ? readLineComment(text, at, token) : single(token, sqlKinds.operator, at)
    case characters.startsSlash:
      return readSlash(text, at, token)
    case characters.startsBackslash:
      return readBackslash(text, at, token)
    case characters.startsTick:
      return readTick(text, at, token)
    case characters.startsBracket:
      return readBracket(text, at, token)
    case characters.startsVariable:
      return readVariable(text, at, token)
    case characters.startsMoney:
      return readMoney(text, at, token)
    default:
      return single(token, sqlKinds.unknown, at)
  }
}

function single(token: SqlToken, kind: number, at: number): number {
  token.kind = kind
  token.start = at
  token.end = at + 1
  return at + 1
}

/** Strings and numbers with a letter before the quote: n'..', e'..', b'01', x'1f', q'[..]', nq'[..]', u&'..'. */
function readPrefixed(text: string, at: number, letter: number, token: SqlToken): number {
  let end = -1
  if (letter === 110 || letter === 101) {
    if (text.charCodeAt(at + 1) === 39) end = readString(text, at + 2, 39, 39, token)
    else if (letter === 110 && (text.charCodeAt(at + 1) | 32) === 113) end = readOracleString(text, at + 2, token)
  } else if (letter === 113) end = readOracleString(text, at + 1, token)
  else if (letter === 98 || letter === 120) end = readQuotedDigits(text, at + 1, letter === 120, token)
  else if (letter === 117 && text.charCodeAt(at + 1) === 38 && text.charCodeAt(at + 2) === 39) {
    end = readString(text, at + 3, 39, 39, token)
  }
  return end >= 0 ? end : readWord(text, at, token)
}

/** A word; one that the dictionary knows ends at a dot or a tick, so that `select.1` and `select`a`` are not names. */
function readWord(text: string, from: number, token: SqlToken): number {
  let at = from + 1
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (characters.endsWord(code)) break
    if ((code === 46 || code === 96) && at - from <= longestWord) {
      const word = findWord(text, from, at)
      if (word !== 0 && wordKind(word) !== sqlKinds.bareword) break
    }
  }
  token.word = findWord(text, from, at)
  token.kind = wordKind(token.word)
  token.start = from
  token.end = at
  return at
}

const operatorPairs = new Set(
  ['!=', '!<', '!>', '!!', '&=', '*=', ':=', '::', '<<', '<=', '<>', '<@', '>=', '>>', '@>', '|/', '|='].map(
    (pair) => pair.charCodeAt(0) * 256 + pair.charCodeAt(1),
  ),
)

function readOperator(text: string, at: number, code: number, token: SqlToken): number {
  const next = text.charCodeAt(at + 1)
  if ((code === 38 || code === 124) && next === code) {
    single(token, sqlKinds.logic, at)
    token.end = at + 2
    return at + 2
  }
  single(token, sqlKinds.operator, at)
  if (code === 60 && next === 61 && text.charCodeAt(at + 2) === 62) token.end = at + 3
  else if (operatorPairs.has(code * 256 + next)) token.end = at + 2
  else if (code === 58 && at + 1 < text.length) token.kind = sqlKinds.colon
  return token.end
}

function readLineComment(text: string, at: number, token: SqlToken): number {
  const end = text.indexOf('\n', at)
  token.kind = sqlKinds.comment
  token.start = at
  token.end = end < 0 ? text.length : end
  return end < 0 ? text.length : end + 1
}

/** `--` is a comment where a blank follows; elsewhere in ANSI it is one too, in MySQL two signs. */
function readDash(scan: SqlScan, text: string, at: number, token: SqlToken): number {
  if (text.charCodeAt(at + 1) !== 45) return single(token, sqlKinds.operator, at)
  if (at + 2 >= text.length || characters.isBlank(text.charCodeAt(at + 2))) return readLineComment(text, at, token)
  scan.isFlavoured = true
  return scan.isMysql ? single(token, sqlKinds.operator, at) : readLineComment(text, at, token)
}

/** A comment within a comment, or MySQL's code in a comment, is nothing that people write. */
function readSlash(text: string, at: number, token: SqlToken): number {
  if (text.charCodeAt(at + 1) !== 42) return single(token, sqlKinds.operator, at)
  const close = text.indexOf('*/', at + 2)
  token.start = at
  token.end = close < 0 ? text.length : close + 2
  token.kind = text.charCodeAt(at + 2) === 33 ? sqlKinds.evil : sqlKinds.comment
  if (close >= 0 && hasCommentStart(text, at + 2, close + 1)) token.kind = sqlKinds.evil
  return token.end
}

function hasCommentStart(text: string, from: number, end: number): boolean {
  for (let at = from; at + 1 < end; at += 1) {
    if (text.charCodeAt(at) === 47 && text.charCodeAt(at + 1) === 42) return true
  }
  return false
}

/** `\N` is how MySQL writes NULL. */
function readBackslash(text: string, at: number, token: SqlToken): number {
  const isNull = text.charCodeAt(at + 1) === 78
  single(token, isNull ? sqlKinds.number : sqlKinds.backslash, at)
  if (isNull) token.end = at + 2
  return token.end
}

/** A name in ticks is a name, or a function that MySQL calls by it. */
function readTick(text: string, at: number, token: SqlToken): number {
  const end = readString(text, at + 1, 96, 96, token)
  const word = findWord(text, token.start, token.end)
  token.kind = word !== 0 && wordKind(word) === sqlKinds.function ? sqlKinds.function : sqlKinds.bareword
  token.word = token.kind === sqlKinds.function ? word : 0
  return end
}

/** SQL Server's `[name]`. */
function readBracket(text: string, at: number, token: SqlToken): number {
  const close = text.indexOf(']', at)
  token.kind = sqlKinds.bareword
  token.start = at
  token.end = close < 0 ? text.length : close + 1
  return token.end
}

/** `@name`, `@@name`, `@'name'`, `` @`name` ``. */
function readVariable(text: string, from: number, token: SqlToken): number {
  let at = text.charCodeAt(from + 1) === 64 ? from + 2 : from + 1
  const code = text.charCodeAt(at)
  if (code === 96 || code === 39 || code === 34) at = readString(text, at + 1, code, code, token)
  else {
    token.start = from
    while (at < text.length && !characters.endsVariable(text.charCodeAt(at))) at += 1
    token.end = at
  }
  token.kind = sqlKinds.variable
  return at
}
