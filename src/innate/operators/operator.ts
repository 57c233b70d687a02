import type { Macro } from '../seclang/macro.ts'

/**
 * What the tests of one request have cost so far; one unit is about one character read by one pattern. Beyond the limit
 * nothing is tested any more.
 */
export type Work = { spent: number; readonly limit: number }

/** The text an operator looks at, with what canonicalisation noticed about it. Reused between calls. */
export type Subject = {
  /** Text after transformations. */
  readonly text: string
  /** The same in lower case. */
  readonly lower: string
  /** Bits of `fieldFlags`. */
  readonly flags: number
  readonly decodeDepth: number
  /** Where an operator books work beyond one reading of the text. */
  readonly work?: Work
  /** Fills in the macros of an argument (`%{tx.allowed_methods}`); only there when an ordered program runs. */
  readonly expand?: (macro: Macro) => string
}

export type Span = { readonly start: number; readonly end: number }

/** A compiled test. `test` cannot fail and takes time linear in the text. */
export type Operator = {
  readonly name: string
  readonly test: (subject: Subject) => boolean
  /** Where it matched, for the excerpt of a finding; only asked after a match. */
  readonly locate: (subject: Subject) => Span
  /** The match and its groups, at most ten, '' for a group that took no part; only asked after a match. */
  readonly capture?: (subject: Subject) => readonly string[]
  /** Groups of lower-case strings: one of each group occurs in `lower` whenever `test` says yes. Empty when unknown. */
  readonly literals: readonly (readonly string[])[]
  /** Set where `test` says whether this pattern (RE2 syntax) matches somewhere in `lower`. */
  readonly pattern?: string
  /** Cheap enough to run on every value without a prefilter. */
  readonly isCheap: boolean
  /** Never says yes to a value that was not encoded and has no flags. */
  readonly isAboutEncoding?: boolean
}

/** Turns what a rule says into an operator; throws an Error that says what is wrong. */
export type OperatorCompiler = {
  readonly name: string
  /** For the table in docs/RULES.md. */
  readonly means: string
  readonly example: string
  readonly compile: (spec: unknown) => Operator
}

export const wholeText = (subject: Subject): Span => ({ start: 0, end: subject.text.length })

/** Texts as a group that an automaton can look for: lower-case ASCII without empty ones, or no group at all. */
export function usableLiterals(texts: readonly string[]): readonly (readonly string[])[] {
  const isPlain = (text: string): boolean => {
    for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 128) return false
    return text !== ''
  }
  return texts.every(isPlain) ? [texts] : []
}
