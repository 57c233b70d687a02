import type { Work } from '../operators/operator.ts'
import type { CharacterClasses } from './character-classes.ts'
import type { Program } from './pattern-program.ts'
import { createStateSets, type State } from './state-sets.ts'
import { createSymbols, type Symbol } from './symbols.ts'

/**
 * A pattern as a deterministic automaton whose states are worked out when a text first leads to them (after R. Cox,
 * "Regular Expression Matching in the Wild"): time linear in the text, memory bounded.
 *
 *   table[state + symbol] -> entry     entry 0: not known yet   2: nothing can match any more   else: 2 * next state
 *                                      odd: a match ends here
 *
 * A symbol is a class of characters together with the looks that hold before it. Automata that search for one match stop
 * there: their only odd entry is 3.
 */
export type LazyAutomaton = {
  readonly classes: CharacterClasses
  readonly table: () => Uint16Array
  /** First state of a run. */
  readonly start: () => number
  /** Works out an entry of the table; beyond the limit of the work nothing matches any more. States of before are void. */
  readonly build: (from: number, symbol: number, work: Work | undefined) => number
  /** The entry for a class of characters and the looks that hold before it. States of before are void. */
  readonly advance: (from: number, place: Symbol, work: Work | undefined) => number
}

export const deadEntry = 2
export const deadMatch = 3

/** Cells of the table (entries are twice as large), and members of all sets; when used up, all is worked out anew. */
const maxCells = 32_768
const maxMembers = 65_536
/** What working out one step costs, in characters read: a microsecond, and more for each instruction looked at. */
const buildCost = 200
const visitCost = 4

export function createLazyAutomaton(program: Program, classes: CharacterClasses, isSearch: boolean): LazyAutomaton {
  const sets = createStateSets(program, classes, isSearch)
  const symbols = createSymbols(classes.count, program.looks)
  let width = 0
  let table = new Uint16Array(0)
  let rows: State[] = []
  let numbers = new Map<string, number>()
  let members = 0
  let first = 0
  let generation = 0

  const clear = (): void => {
    width = symbols.capacity()
    generation = symbols.generation()
    table = new Uint16Array(width * 4)
    rows = []
    numbers = new Map()
    members = 0
    first = 0
  }
  clear()

  const rowOf = (state: State): number => {
    const key = String.fromCharCode(state.previous, ...state.set)
    const known = numbers.get(key)
    if (known !== undefined) return known
    if ((rows.length + 2) * width > maxCells || members + state.set.length > maxMembers) clear()
    const row = rows.push(state) * width
    members += state.set.length
    numbers.set(key, row)
    if (row + width > table.length) {
      const larger = new Uint16Array(Math.min(table.length * 2, maxCells))
      larger.set(table)
      table = larger
    }
    return row
  }

  const stateAt = (row: number): State => {
    const state = rows[row / width - 1]
    if (state === undefined) throw new RangeError(`state ${row} is unknown`)
    return state
  }

  const entryOf = (to: State, isMatch: boolean): number => {
    if (isSearch && isMatch) return deadMatch
    const flag = isMatch ? 1 : 0
    return to.set.length === 0 && !sets.canBeginLater() ? deadEntry + flag : rowOf(to) * 2 + flag
  }

  const build = (from: number, symbol: number, work: Work | undefined): number => {
    const visits = sets.visits()
    const state = stateAt(from)
    const { to, isMatch } = sets.step(state, symbols.at(symbol))
    if (work !== undefined) {
      work.spent += buildCost + visitCost * (sets.visits() - visits)
      if (work.spent > work.limit) return deadEntry
    }
    const entry = entryOf(to, isMatch)
    if (rows[from / width - 1] === state) table[from + symbol] = entry
    return entry
  }

  return {
    classes,
    table: () => table,
    start: () => {
      if (first === 0) first = rowOf(sets.start)
      return first
    },
    build,
    advance: (from, { character, looks }, work) => {
      let row = from
      const symbol = symbols.numberOf(character, looks)
      if (symbols.capacity() !== width || symbols.generation() !== generation) {
        const state = stateAt(row)
        clear()
        row = rowOf(state)
      }
      const known = table[row + symbol] as number
      return known === 0 ? build(row, symbol, work) : known
    },
  }
}
