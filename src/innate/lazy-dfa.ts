import { type CharacterClasses, classifyCodePoints } from './character-classes.ts'
import type { Work } from './operators/operator.ts'
import { compileProgram } from './pattern-program.ts'
import { createStateSets, type StateSet, type StateSets } from './state-sets.ts'

/** Tells whether a pattern matches somewhere in a text, in one step a character. */
export type Matcher = (text: string, work?: Work) => boolean

/** Cells of the table, and members of all sets together; when they are used up, everything is worked out anew. */
const defaultMaxCells = 32_768
/** What working out one step costs, in characters read: about a microsecond to two nanoseconds. */
const buildCost = 400

/**
 * A pattern as a deterministic automaton whose states are worked out when a text first leads to them (after R. Cox,
 * "Regular Expression Matching in the Wild"): time linear in the text, memory bounded. `null` when the pattern uses what
 * the parser does not understand.
 *
 *   row 0: unknown   row 1: match   row 2: dead   row 3 and up: states      table[row + class] -> row
 */
export function createLazyDfa(pattern: string, maxCells: number = defaultMaxCells): Matcher | null {
  const program = compileProgram(pattern)
  const classes = program === null ? null : classifyCodePoints(program.sets, program.hasWordEdges)
  if (program === null || classes === null) return null
  const states = createStateTable(createStateSets(program, classes), classes, maxCells)
  const { ofAscii } = classes
  return (text, work) => {
    const { length } = text
    let table = states.table()
    let state = states.start()
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      let character = 0
      if (code < 128) character = ofAscii[code] as number
      else {
        const point = text.codePointAt(index) as number
        if (point > 0xffff) index += 1
        character = classes.of(point)
      }
      let next = table[state + character] as number
      if (next === 0) {
        next = states.build(state, character, work)
        table = states.table()
      }
      if (next === states.match) return true
      if (next === states.dead) return false
      state = next
    }
    const last = table[state + classes.count] as number
    return (last === 0 ? states.build(state, classes.count, work) : last) === states.match
  }
}

type StateTable = {
  readonly match: number
  readonly dead: number
  readonly table: () => Int32Array
  readonly start: () => number
  /** Works out where a state leads to (nowhere beyond the limit); row numbers of before may be void afterwards. */
  readonly build: (from: number, next: number, work: Work | undefined) => number
}

function createStateTable(sets: StateSets, classes: CharacterClasses, maxCells: number): StateTable {
  const width = classes.count + 1
  const match = width
  const dead = width * 2
  const maxRows = Math.max(8, Math.floor(maxCells / width))
  let table = new Int32Array(width * 8)
  let rows: { readonly set: StateSet; readonly isBegin: boolean; readonly isAfterWord: boolean }[] = []
  let numbers = new Map<string, number>()
  const maxMembers = maxCells * 2
  let members = 0
  let first = 0

  const clear = (): void => {
    table = new Int32Array(width * 8)
    rows = []
    numbers = new Map()
    members = 0
    first = 0
  }

  const rowOf = (set: StateSet, isBegin: boolean, isAfterWord: boolean): number => {
    const key = String.fromCharCode((isBegin ? 2 : 0) + (isAfterWord ? 1 : 0), ...set)
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (rows.length + 3 >= maxRows || members + set.length > maxMembers) clear()
    const row = (rows.push({ set, isBegin, isAfterWord }) + 2) * width
    members += set.length
    numbers.set(key, row)
    if (row + width > table.length) {
      const larger = new Int32Array(table.length * 2)
      larger.set(table)
      table = larger
    }
    return row
  }

  return {
    match,
    dead,
    table: () => table,
    start: () => {
      if (first === 0) first = rowOf(sets.start, true, false)
      return first
    },
    build: (from, next, work) => {
      if (work !== undefined) {
        work.spent += buildCost
        if (work.spent > work.limit) return dead
      }
      const state = rows[from / width - 3]
      if (state === undefined) throw new RangeError(`state ${from} is unknown`)
      const set = sets.step(state.set, { isBegin: state.isBegin, isAfterWord: state.isAfterWord, next })
      let to = match
      if (set !== null) to = set.length === 0 ? dead : rowOf(set, false, classes.isWord[next] === 1)
      const isStillThere = rows[from / width - 3] === state
      if (isStillThere) table[from + next] = to
      return to
    },
  }
}
