import type { Work } from '../operators/operator.ts'
import type { CharacterClasses } from './character-classes.ts'
import type { Program } from './pattern-program.ts'
import { createStateSets, type State } from './state-sets.ts'
import { createStateTable } from './state-table.ts'
import { createSymbols, type InputSymbol } from './symbols.ts'

/**
 * A pattern as a deterministic automaton whose states are worked out when a text first leads to them (after R. Cox,
 * "Regular Expression Matching in the Wild"): time linear in the text, memory bounded.
 *
 *   table[state + symbol] -> entry     0: not known yet   2: nothing can match any more   3: a match, and nothing more
 *                                      else, in a search: the next state
 *                                      else, in a marking of all matches: 2 * next state, and 1 where a match ends
 *
 * A symbol is a class of characters together with the looks that hold before it.
 */
export type LazyAutomaton = {
  readonly classes: CharacterClasses
  readonly table: () => Uint16Array | Int32Array
  /** First state of a run. */
  readonly start: () => number
  /** Works out an entry of the table; beyond the limit of the work nothing matches any more. States of before are void. */
  readonly build: (from: number, symbol: number, work: Work | undefined) => number
  /** The entry for a class of characters and the looks that hold before it. States of before are void. */
  readonly advance: (from: number, place: InputSymbol, work: Work | undefined) => number
}

export const deadEntry = 2
export const deadMatch = 3

/** What working out one step costs, in characters read: a microsecond, and more for each instruction looked at. */
const buildCost = 200
const visitCost = 4

/** Tables of more cells than `smallTable` hold wider entries. `isSearch`: one match is all that is asked. */
export type LazyAutomatonOptions = { readonly isSearch: boolean; readonly maxCells: number }

export function createLazyAutomaton(
  program: Program,
  classes: CharacterClasses,
  { isSearch, maxCells }: LazyAutomatonOptions,
): LazyAutomaton {
  const sets = createStateSets(program, classes, isSearch)
  const symbols = createSymbols(classes.count, program.looks)
  const states = createStateTable(maxCells)
  let width = 0
  let first = 0
  let generation = 0

  const clear = (): void => {
    width = symbols.capacity()
    generation = symbols.generation()
    states.clear(width)
  }
  clear()

  const entryOf = (to: State, isMatch: boolean): number => {
    if (isSearch && isMatch) return deadMatch
    const flag = isMatch ? 1 : 0
    if (to.set.length === 0 && !sets.canBeginLater()) return deadEntry + flag
    return isSearch ? states.rowOf(to) : states.rowOf(to) * 2 + flag
  }
  const build = (from: number, symbol: number, work: Work | undefined): number => {
    const visits = sets.visits()
    const state = states.stateAt(from)
    const { to, isMatch } = sets.step(state, symbols.at(symbol))
    if (work !== undefined) {
      work.spent += buildCost + visitCost * (sets.visits() - visits)
      if (work.spent > work.limit) return deadEntry
    }
    const entry = entryOf(to, isMatch)
    states.enter(from, { state, symbol, entry })
    return entry
  }
  return {
    classes,
    table: states.table,
    start: () => {
      if (!states.isAt(first, sets.start)) first = states.rowOf(sets.start)
      return first
    },
    build,
    advance: (from, { character, looks }, work) => {
      let row = from
      const symbol = symbols.numberOf(character, looks)
      if (symbols.capacity() !== width || symbols.generation() !== generation) {
        const state = states.stateAt(row)
        clear()
        row = states.rowOf(state)
      }
      const known = states.table()[row + symbol] as number
      return known === 0 ? build(row, symbol, work) : known
    },
  }
}
