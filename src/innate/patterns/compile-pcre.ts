import type { Span, Work } from '../operators/operator.ts'
import { type ByteMatcher, createByteMatcher, spanOf } from './byte-matcher.ts'
import { checkReferences } from './check-references.ts'
import { checkLooks } from './look-plan.ts'
import { type PatternFlags, parsePcre } from './parse-pattern.ts'
import { refuse } from './pattern-cursor.ts'
import type { PatternNode } from './pattern-node.ts'
import { maxInstructions, programLength } from './pattern-program.ts'
import { requiredGroups } from './required-literals.ts'
import { simplifyLooks } from './simplify-looks.ts'
import { unwindAtomic } from './unwind-atomic.ts'

/** A pattern for byte strings (a character a byte), in time linear in the text whatever the pattern. */
export type BytePattern = {
  readonly test: (text: string, work?: Work) => boolean
  readonly locate: (text: string, work?: Work) => Span | null
  /**
   * The leftmost match as Perl prefers it and its groups 1-9, '' for a group that took no part; empty without a match.
   * Unlike Perl, groups inside looks tell nothing, and a loop whose last round matched the empty text tells the round
   * before.
   */
  readonly capture: (text: string, work?: Work) => readonly string[]
  /** Groups of lower-case strings: one of each group occurs in the lower-cased text whenever `test` says yes. */
  readonly literals: readonly (readonly string[])[]
}

export type PcreOptions = PatternFlags & {
  /** Takes atomic groups for ordinary ones where no automaton can tell them exactly: more often yes, never less often. */
  readonly isAtomicLoose?: boolean
}

/**
 * Compiles a PCRE2 pattern (byte mode; `dotAll` and `multiline` on unless told otherwise, as ModSecurity has them).
 * Throws an Error that names the construct and its offset for what is wrong or cannot run in linear time. The automata
 * are made when a text first asks for them.
 */
export function compilePcre(source: string, flags: PcreOptions = {}): BytePattern {
  const tree = readTree(source, flags)
  const length = programLength(tree)
  if (length > maxInstructions) refuse(`pattern too large: its repeats come to more than ${maxInstructions} steps`, 0)
  checkLooks(tree)
  let matcher: ByteMatcher | null = null
  const ready = (): ByteMatcher => {
    matcher ??= createByteMatcher(() => readTree(source, flags))
    return matcher
  }
  return {
    literals: requiredGroups(tree),
    test: (text, work) => ready().test(text, work),
    locate: (text, work) => {
      const spans = ready().find(text, work)
      return spans === null ? null : spanOf(spans)
    },
    capture: (text, work) => {
      const spans = ready().find(text, work)
      if (spans === null) return []
      return Array.from({ length: 10 }, (_, group) =>
        text.slice(spans[group * 2], Math.max(0, spans[group * 2 + 1] ?? 0)),
      )
    },
  }
}

function readTree(source: string, flags: PcreOptions): PatternNode {
  const tree = parsePcre(source, flags)
  checkReferences(tree)
  return simplifyLooks(unwindAtomic(tree, flags.isAtomicLoose), 0xff)
}
