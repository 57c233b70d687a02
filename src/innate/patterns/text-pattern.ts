import type { Work } from '../operators/operator.ts'
import { classifyCodes } from './character-classes.ts'
import { createLazyAutomaton } from './lazy-automaton.ts'
import { parseRe2 } from './parse-pattern.ts'
import { PatternError } from './pattern-cursor.ts'
import type { PatternNode } from './pattern-node.ts'
import { maxInstructions, programLength, writeProgram } from './pattern-program.ts'
import { requiredGroups } from './required-literals.ts'
import { searchText } from './runs.ts'

/** Tells whether a pattern matches somewhere in a text, in one step a character. */
export type Matcher = (text: string, work?: Work) => boolean

const defaultMaxCells = 65_536

/**
 * A pattern of the RE2 library as a lazy automaton on code points. `null` when it uses what the parser does not
 * understand in full, or is too large; the library reads it then.
 */
export function createTextMatcher(pattern: string, maxCells: number = defaultMaxCells): Matcher | null {
  const tree = readTree(pattern)
  if (tree === null) return null
  const program = writeProgram(tree, { isReversed: false, groups: [], lookNumber: () => 0 })
  const classes = classifyCodes(program.sets, 0x10ffff)
  if (classes === null) return null
  const automaton = createLazyAutomaton(program, classes, { isSearch: true, maxCells })
  return (text, work) => searchText(automaton, text, work)
}

/**
 * Groups of lower-case ASCII strings, one of each of which occurs in the lower case of whatever the pattern matches; see
 * `requiredGroups`. Empty when the pattern is not understood.
 */
export function textLiterals(pattern: string): readonly (readonly string[])[] {
  const tree = readTree(pattern)
  return tree === null ? [] : requiredGroups(tree)
}

function readTree(pattern: string): PatternNode | null {
  try {
    const tree = parseRe2(pattern)
    return programLength(tree) > maxInstructions ? null : tree
  } catch (error) {
    if (error instanceof PatternError) return null
    throw error
  }
}
