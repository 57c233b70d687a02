/**
 * SQL injection by its skeleton: the text is cut into SQL tokens in each place where it may stand (a value, a string
 * in single or double quotes), runs that change nothing are folded away, and a small grammar knows what attacks leave.
 * Time is linear: at most five passes, each reads a byte once.
 */
import type { Work } from '../operators/operator.ts'
import { isAttackSkeleton } from './sql-decision.ts'
import { isTooLittle } from './sql-exceptions.ts'
import { createSqlWindow, foldSql } from './sql-fold.ts'
import { sqlKindName, sqlKinds } from './sql-token.ts'
import { createSqlScan, type QuoteContext, startSqlScan } from './sql-tokenizer.ts'

export type SqlVerdict = {
  readonly isInjection: boolean
  /** One letter per token of the skeleton that decided, '' when nothing was found. */
  readonly fingerprint: string
}

/** What decided, for people. */
export type SqlExplanation = SqlVerdict & {
  /** Where the text was taken to stand. */
  readonly context: 'as is' | 'in single quotes' | 'in double quotes'
  readonly comments: 'ansi' | 'mysql'
  readonly tokens: readonly { readonly kind: string; readonly text: string }[]
}

const harmless: SqlVerdict = { isInjection: false, fingerprint: '' }
const scan = createSqlScan()
const window = createSqlWindow()
const kindAt = (place: number): number => (place < window.size ? (window.slots[place]?.kind ?? 0) : 0)

/** Judges a byte string. Books the bytes read, all passes together, where `work` is given. */
export function detectSqlInjection(text: string, work?: Work): SqlVerdict {
  if (work !== undefined) work.spent += 1
  return isOneWord(text) || !isAttack(text, work) ? harmless : { isInjection: true, fingerprint: fingerprint() }
}

/** The verdict with the tokens and the place that decided; of a harmless text the tokens as it stands. */
export function explainSqlInjection(text: string): SqlExplanation {
  const isInjection = isAttack(text, undefined)
  if (!isInjection) fold(text, 0, false, undefined)
  return {
    isInjection,
    fingerprint: isInjection ? fingerprint() : '',
    context: scan.context === 0 ? 'as is' : scan.context === 39 ? 'in single quotes' : 'in double quotes',
    comments: scan.isMysql ? 'mysql' : 'ansi',
    tokens: window.slots
      .slice(0, window.size)
      .map(({ kind, start, end }) => ({ kind: sqlKindName(kind), text: text.slice(start, end) })),
  }
}

/** Letters, digits and underscores alone, in any alphabet: no statement can be made of one word. */
function isOneWord(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isPlain =
      code >= 128
        ? code !== 0xa0
        : code === 95 || ((code | 32) >= 97 && (code | 32) <= 122) || (code >= 48 && code <= 57)
    if (!isPlain) return false
  }
  return true
}

function isAttack(text: string, work: Work | undefined): boolean {
  if (isAttackIn(text, 0, work)) return true
  if (text.includes("'") && isAttackIn(text, 39, work)) return true
  return text.includes('"') && isAttackAs(text, 34, true, work)
}

/** Comments are read as ANSI has them, and once more as MySQL where that would make a difference. */
function isAttackIn(text: string, context: QuoteContext, work: Work | undefined): boolean {
  if (isAttackAs(text, context, false, work)) return true
  return scan.isFlavoured && isAttackAs(text, context, true, work)
}

function isAttackAs(text: string, context: QuoteContext, isMysql: boolean, work: Work | undefined): boolean {
  const isEvil = fold(text, context, isMysql, work)
  if (isEvil) return true
  return isAttackSkeleton(kindAt) && !isTooLittle(text, window, scan.count)
}

/** Folds and says whether a token stands there that nothing but an attack has. */
function fold(text: string, context: QuoteContext, isMysql: boolean, work: Work | undefined): boolean {
  startSqlScan(scan, text, context, isMysql)
  foldSql(scan, window, work)
  endInTick()
  for (let place = 0; place < window.size; place += 1) if (kindAt(place) === sqlKinds.evil) return true
  return false
}

/** A lone tick at the end works as a comment in MySQL: it opens a name that never ends. */
function endInTick(): void {
  const last = window.slots[window.size - 1]
  if (window.size < 3 || last === undefined || last.kind !== sqlKinds.bareword) return
  if (last.open === 96 && last.close === 0 && last.end === last.start) last.kind = sqlKinds.comment
}

function fingerprint(): string {
  let letters = ''
  for (let place = 0; place < window.size; place += 1) {
    if (kindAt(place) === sqlKinds.evil) return 'X'
    letters += String.fromCharCode(kindAt(place))
  }
  return letters
}
