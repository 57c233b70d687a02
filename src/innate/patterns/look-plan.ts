import type { Work } from '../operators/operator.ts'
import { classifyCodes } from './character-classes.ts'
import { hasReference } from './check-references.ts'
import { createLazyAutomaton, type LazyAutomaton } from './lazy-automaton.ts'
import { refuse } from './pattern-cursor.ts'
import { type LookNode, type PatternNode, partsOf } from './pattern-node.ts'
import { type Program, type ProgramOptions, writeProgram } from './pattern-program.ts'
import { markPlaces, type Places } from './runs.ts'
import { smallTable } from './state-table.ts'

/** Looks have a bit each in what is known of a place. */
const maxLooks = 30

/** The looks of a pattern by number, inner ones first. */
export type LookNumbers = ReadonlyMap<PatternNode, number>

export function numberLooks(tree: PatternNode): LookNumbers {
  const numbers = new Map<PatternNode, number>()
  const visit = (node: PatternNode): void => {
    if (numbers.has(node)) return
    for (const part of partsOf(node)) visit(part)
    if (node.kind !== 'look') return
    if (numbers.size === maxLooks) refuse(`more than ${maxLooks} looks ahead or behind`, 0)
    numbers.set(node, numbers.size)
  }
  visit(tree)
  return numbers
}

/** Refuses a pattern with more looks than can be told apart. */
export function checkLooks(tree: PatternNode): void {
  numberLooks(tree)
}

/** Works out where the looks of a pattern hold in a text: one pass for each, but for those that refer to groups. */
export type LookPlan = (text: string, places: Places, work: Work | undefined) => void

export function planLooks(numbers: LookNumbers): LookPlan {
  const passes = [...numbers].flatMap(([node, number]) =>
    node.kind === 'look' && !hasReference(node) ? [createPass(node, number, numbers)] : [],
  )
  return (text, places, work) => {
    for (const { automaton, isBackward, bits } of passes) {
      if (work !== undefined) work.spent += text.length
      markPlaces(automaton, text, places, { isBackward, bits, work })
    }
  }
}

type Pass = { readonly automaton: LazyAutomaton; readonly isBackward: boolean; readonly bits: number }

function createPass(look: LookNode, number: number, numbers: LookNumbers): Pass {
  const automaton = createByteAutomaton(look.part, { isReversed: look.isAhead, isSearch: false, numbers })
  return { automaton, isBackward: look.isAhead, bits: 1 << number }
}

export type AutomatonOptions = {
  readonly isReversed: boolean
  readonly isSearch: boolean
  readonly numbers: LookNumbers
}

export function createByteAutomaton(
  tree: PatternNode,
  { isReversed, isSearch, numbers }: AutomatonOptions,
): LazyAutomaton {
  const program = writeProgram(tree, programOptions({ isReversed, groups: [], numbers }))
  return createLazyAutomaton(program, classesOf(program), { isSearch, maxCells: smallTable })
}

export function programOptions({
  isReversed,
  groups,
  numbers,
}: Pick<AutomatonOptions, 'isReversed' | 'numbers'> & { readonly groups: readonly number[] }): ProgramOptions {
  return { isReversed, groups, lookNumber: (look) => numbers.get(look) ?? 0 }
}

export function classesOf({ sets }: Program): NonNullable<ReturnType<typeof classifyCodes>> {
  const classes = classifyCodes(sets, 0xff)
  if (classes === null) throw new RangeError('bytes have more than 256 classes')
  return classes
}
