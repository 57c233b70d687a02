import type { State } from './state-sets.ts'

/** Tables of at most as many cells hold entries of 16 bits, others of 32. */
export const smallTable = 32_768

/**
 * What is known of the states of an automaton, in rows of a table. When the cells, or twice as many members of sets, are
 * used up, everything is forgotten, and worked out anew as far as it is needed.
 *
 *   four rows for no state, so that small entries are free     then a row for each state: an entry for each symbol, or 0
 */
export type StateTable = {
  readonly table: () => Uint16Array | Int32Array
  /** Forgets everything; rows have a width from here on. */
  readonly clear: (width: number) => void
  /** The row of a state, which may be new. Rows of before are void. */
  readonly rowOf: (state: State) => number
  readonly stateAt: (row: number) => State
  /** Whether a row is still that of a state. */
  readonly isAt: (row: number, state: State) => boolean
  /** Writes an entry, unless the state has been forgotten. */
  readonly enter: (
    row: number,
    cell: { readonly state: State; readonly symbol: number; readonly entry: number },
  ) => void
}

const noStates = 4
const firstRows = 8

export function createStateTable(maxCells: number): StateTable {
  const createCells = (count: number): Uint16Array | Int32Array =>
    maxCells <= smallTable ? new Uint16Array(count) : new Int32Array(count)
  let table = createCells(0)
  let width = 1
  let rows: State[] = []
  let numbers = new Map<string, number>()
  let members = 0

  const clear = (newWidth: number): void => {
    width = newWidth
    table = createCells(width * firstRows)
    rows = []
    numbers = new Map()
    members = 0
  }
  const isFull = (state: State): boolean =>
    (rows.length + noStates + 1) * width > Math.max(maxCells, width * firstRows) ||
    members + state.set.length > maxCells * 2
  const growTo = (length: number): void => {
    const larger = createCells(Math.max(Math.min(table.length * 2, maxCells), length))
    larger.set(table)
    table = larger
  }
  return {
    table: () => table,
    clear,
    isAt: (row, state) => rows[row / width - noStates] === state,
    stateAt: (row) => {
      const state = rows[row / width - noStates]
      if (state === undefined) throw new RangeError(`state ${row} is unknown`)
      return state
    },
    rowOf: (state) => {
      const key = String.fromCharCode(state.previous, ...state.set)
      const known = numbers.get(key)
      if (known !== undefined) return known
      if (isFull(state) && rows.length > 0) clear(width)
      const row = (rows.push(state) - 1 + noStates) * width
      members += state.set.length
      numbers.set(key, row)
      if (row + width > table.length) growTo(row + width)
      return row
    },
    enter: (row, { state, symbol, entry }) => {
      if (rows[row / width - noStates] === state) table[row + symbol] = entry
    },
  }
}
