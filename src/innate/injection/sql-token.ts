/**
 * What a piece of SQL can be. The letters are those that ModSecurity logs for `@detectSQLi`, so that an operator can
 * compare log lines of both; the classes behind them are those of any SQL grammar.
 */
export const sqlKinds = {
  number: 49, // 1
  string: 115, // s
  variable: 118, // v
  bareword: 110, // n
  keyword: 107, // k
  expression: 69, // E: starts a statement or an expression: SELECT, INSERT, CASE
  union: 85, // U: joins two queries: UNION, EXCEPT
  group: 66, // B: what stands after the conditions of a query: GROUP BY, LIMIT
  function: 102, // f
  type: 116, // t
  collate: 65, // A
  batch: 84, // T: statements that change the server: DROP, DECLARE, EXEC
  operator: 111, // o
  logic: 38, // &
  comment: 99, // c
  opening: 40, // (
  closing: 41, // )
  braceOpening: 123, // {
  braceClosing: 125, // }
  comma: 44, // ,
  semicolon: 59, // ;
  colon: 58, // :
  dot: 46, // .
  backslash: 92, // \
  unknown: 63, // ?
  evil: 88, // X: nothing but an attack writes this: a nested comment, code in a comment
} as const

/** Name of a kind, for people. */
const names = new Map<number, string>(Object.entries(sqlKinds).map(([name, kind]) => [kind, name]))
export const sqlKindName = (kind: number): string => names.get(kind) ?? 'none'

/** One token; a slot is written again and again, never shared. */
export type SqlToken = {
  kind: number
  /** Number of the word or phrase in the dictionary, 0 for none. */
  word: number
  start: number
  end: number
  /** Quote that opens a string, 0 where the text began inside it. */
  open: number
  /** Quote that closes a string, 0 where the text ended before it. */
  close: number
}

export const createSqlToken = (): SqlToken => ({ kind: 0, word: 0, start: 0, end: 0, open: 0, close: 0 })

export function copySqlToken(from: SqlToken, to: SqlToken): void {
  to.kind = from.kind
  to.word = from.word
  to.start = from.start
  to.end = from.end
  to.open = from.open
  to.close = from.close
}
