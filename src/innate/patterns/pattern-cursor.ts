import type { Ranges } from './ranges.ts'

/** Flags in force at a place of a pattern. */
export type Flags = {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
  /** White space and `#` comments do not count. */
  readonly isExtended: boolean
  /** White space in classes does not count either. */
  readonly isExtendedMore: boolean
  /** Plain groups do not capture. */
  readonly noCapture: boolean
  /** Quantifiers are lazy, and greedy with a `?`. */
  readonly isUngreedy: boolean
}

/**
 * `pcre`: PCRE2 on byte strings. `re2`: RE2 on code points; a pattern that the RE2 library has accepted is read as it
 * reads it, or refused.
 */
export type Dialect = 'pcre' | 're2'

/** Where the reading of a pattern has got to. */
export type PatternCursor = {
  readonly source: string
  readonly dialect: Dialect
  /** The last code a text can have. */
  readonly lastCode: number
  at: number
  flags: Flags
  /** Between `\Q` and `\E`. */
  isQuoted: boolean
  groups: number
  readonly names: Map<string, number>
  /** References by number or name, checked at the end. */
  readonly references: { readonly target: number | string; readonly offset: number }[]
  depth: number
}

/** What one item of a pattern or class stands for. `isOne`: a single character, which may begin a range. */
export type Item = { readonly ranges: Ranges; readonly isOne: boolean }

/** A pattern that is wrong, or uses what is not supported. */
export class PatternError extends Error {
  readonly offset: number

  constructor(what: string, offset: number) {
    super(`${what} at offset ${offset}`)
    this.name = 'PatternError'
    this.offset = offset
  }
}

export function refuse(what: string, offset: number): never {
  throw new PatternError(what, offset)
}

/** Reads what a sticky expression matches here; `null`, and stays, when it does not. */
export function take(cursor: PatternCursor, expression: RegExp): RegExpExecArray | null {
  expression.lastIndex = cursor.at
  const found = expression.exec(cursor.source)
  if (found !== null) cursor.at += found[0].length
  return found
}

/** Reads a fixed text when it stands here. */
export function skip(cursor: PatternCursor, text: string): boolean {
  if (!cursor.source.startsWith(text, cursor.at)) return false
  cursor.at += text.length
  return true
}
