import type { CharacterClasses } from './character-classes.ts'
import { ops, type Program } from './pattern-program.ts'
import type { Symbol } from './symbols.ts'

/** Instructions of a program that a text may have reached, in order. */
export type StateSet = Uint16Array

/** A set of instructions and, when one of them asks for it, the class of the character before; else 0. */
export type State = { readonly set: StateSet; readonly previous: number }

/** Steps of the automaton that a program stands for, from set to set; slow, each one worked out once. */
export type StateSets = {
  readonly start: State
  /** What a character leads to; `isMatch`: a match ends before the character, or (`search`) right behind it. */
  readonly step: (from: State, symbol: Symbol) => { readonly to: State; readonly isMatch: boolean }
  /** False when a match can begin at the start of the text only. */
  readonly canBeginLater: () => boolean
  /** Instructions looked at so far, which is what the work is proportional to. */
  readonly visits: () => number
}

/** `isSearch`: one match is all that is asked, so it is told as soon as it is certain. */
export function createStateSets(program: Program, classes: CharacterClasses, isSearch: boolean): StateSets {
  const { nexts, others } = program
  const op = program.ops
  const size = op.length
  const width = classes.count + 1
  const asksBefore = findBefore(program)
  const marks = new Float64Array(size)
  const reached = new Uint16Array(size)
  const stack = new Uint16Array(size * 2 + 2)
  let stamp = 0
  let count = 0
  let visited = 0

  const isIn = (set: number, character: number): boolean => classes.members[set * width + character] === 1
  const clear = (): void => {
    stamp += 1
    count = 0
  }
  /** Adds what can be reached from an instruction without reading and without knowing what comes after. */
  const follow = (from: number, previous: number): void => {
    let depth = 0
    stack[depth++] = from
    while (depth > 0) {
      const at = stack[--depth] as number
      if (marks[at] === stamp) continue
      marks[at] = stamp
      visited += 1
      const kind = op[at] as number
      if (kind === ops.split) {
        stack[depth++] = others[at] as number
        stack[depth++] = nexts[at] as number
      } else if (kind === ops.before) {
        if (isIn(others[at] as number, previous)) stack[depth++] = nexts[at] as number
      } else {
        reached[count++] = at
      }
    }
  }
  const take = (previous: number): State => {
    const set = reached.slice(0, count).sort()
    return { set, previous: set.some((at) => asksBefore[at] === 1) ? previous : 0 }
  }
  const passes = (at: number, { character, looks }: Symbol): boolean => {
    const kind = op[at] as number
    const other = others[at] as number
    if (kind === ops.after) return isIn(other, character)
    if (kind === ops.look) return ((looks >>> other) & 1) === 1
    return kind === ops.noLook && ((looks >>> other) & 1) === 0
  }
  /** Goes on behind the looks that hold. Returns whether the match is reached. */
  const passPlaces = ({ set, previous }: State, symbol: Symbol): boolean => {
    clear()
    let isMatch = false
    for (const at of set) {
      marks[at] = stamp
      reached[count++] = at
    }
    for (let index = 0; index < count; index += 1) {
      const at = reached[index] as number
      visited += 1
      if (op[at] === ops.match) isMatch = true
      else if (passes(at, symbol)) follow(nexts[at] as number, previous)
    }
    return isMatch
  }
  /** What may begin at a place, by the class before it. */
  const restarts: (StateSet | undefined)[] = []
  const restart = (previous: number): StateSet => {
    const known = restarts[previous]
    if (known !== undefined) return known
    clear()
    follow(program.start, previous)
    const set = reached.slice(0, count).sort()
    restarts[previous] = set
    return set
  }
  const start = restart(classes.count)
  const advance = (character: number): State => {
    const begun = restart(character)
    const here = standing.subarray(0, standingCount)
    clear()
    for (const at of here) {
      visited += 1
      if (op[at] === ops.set && isIn(others[at] as number, character)) follow(nexts[at] as number, character)
    }
    for (const at of begun) follow(at, character)
    return take(character)
  }
  const standing = new Uint16Array(size)
  let standingCount = 0
  let beginsLater: boolean | null = null
  const isDone = (set: StateSet): boolean => set.some((at) => op[at] === ops.match)
  const nowhere: State = { set: new Uint16Array(0), previous: 0 }
  return {
    start: { set: start, previous: start.some((at) => asksBefore[at] === 1) ? classes.count : 0 },
    canBeginLater: () => {
      beginsLater ??= Array.from({ length: classes.count }, (_, previous) => restart(previous)).some((set) => set.length > 0)
      return beginsLater
    },
    visits: () => visited,
    step: (from, symbol) => {
      const isMatch = passPlaces(from, symbol)
      if (symbol.character === classes.count || (isMatch && isSearch)) return { to: nowhere, isMatch }
      standing.set(reached.subarray(0, count))
      standingCount = count
      const to = advance(symbol.character)
      return { to, isMatch: isMatch || (isSearch && isDone(to.set)) }
    },
  }
}

/** 1 for places behind which, before anything is read, the program asks for the character before. */
function findBefore({ ops: op, nexts, others }: Program): Uint8Array {
  const asks = new Uint8Array(op.length)
  for (let isChanged = true; isChanged; ) {
    isChanged = false
    for (let at = 0; at < op.length; at += 1) {
      if (asks[at] === 1 || op[at] === ops.set || op[at] === ops.match) continue
      const isSplit = op[at] === ops.split && asks[others[at] as number] === 1
      if (op[at] !== ops.before && asks[nexts[at] as number] !== 1 && !isSplit) continue
      asks[at] = 1
      isChanged = true
    }
  }
  return asks
}
