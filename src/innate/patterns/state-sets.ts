import type { CharacterClasses } from './character-classes.ts'
import { ops, type Program } from './pattern-program.ts'
import type { InputSymbol } from './symbols.ts'

/** Instructions of a program that a text may have reached, in order. */
export type StateSet = Uint16Array

/** A set of instructions and, when one of them asks for it, the class of the character before; else 0. */
export type State = { readonly set: StateSet; readonly previous: number }

/** Steps of the automaton that a program stands for, from set to set; slow, each one worked out once. */
export type StateSets = {
  readonly start: State
  /** What a character leads to; `isMatch`: a match ends before the character, or (`search`) right behind it. */
  readonly step: (from: State, symbol: InputSymbol) => { readonly to: State; readonly isMatch: boolean }
  /** False when a match can begin at the start of the text only. */
  readonly canBeginLater: () => boolean
  /** Instructions looked at so far, which is what the work is proportional to. */
  readonly visits: () => number
}

/** `isSearch`: one match is all that is asked, so it is told as soon as it is certain. */
export function createStateSets(program: Program, classes: CharacterClasses, isSearch: boolean): StateSets {
  const { ops: op, nexts, others } = program
  const asksBefore = findBefore(program)
  const reach = createReach(program, classes)
  const standing = new Uint16Array(op.length)
  const nowhere: State = { set: new Uint16Array(0), previous: 0 }

  const stateOf = (set: StateSet, previous: number): State => {
    return { set, previous: set.some((at) => asksBefore[at] === 1) ? previous : 0 }
  }
  const passes = (at: number, { character, looks }: InputSymbol): boolean => {
    const kind = op[at] as number
    const other = others[at] as number
    if (kind === ops.after) return reach.isIn(other, character)
    if (kind === ops.look) return ((looks >>> other) & 1) === 1
    return kind === ops.noLook && ((looks >>> other) & 1) === 0
  }
  /** Goes on behind the looks that hold. Returns whether the match is reached. */
  const passPlaces = ({ set, previous }: State, symbol: InputSymbol): boolean => {
    reach.clear()
    let isMatch = false
    for (const at of set) reach.add(at)
    for (let index = 0; index < reach.count(); index += 1) {
      const at = reach.at(index)
      if (op[at] === ops.match) isMatch = true
      else if (passes(at, symbol)) reach.follow(nexts[at] as number, previous)
    }
    return isMatch
  }
  /** What may begin at a place, by the class before it. */
  const restarts: (StateSet | undefined)[] = []
  const restart = (previous: number): StateSet => {
    const known = restarts[previous]
    if (known !== undefined) return known
    reach.clear()
    reach.follow(program.start, previous)
    const set = reach.take()
    restarts[previous] = set
    return set
  }
  /** Reads a character from where the looks have led to. */
  const read = (character: number): StateSet => {
    const count = reach.copyTo(standing)
    const begun = restart(character)
    reach.clear()
    for (let index = 0; index < count; index += 1) {
      const at = standing[index] as number
      if (op[at] !== ops.set || !reach.isIn(others[at] as number, character)) continue
      reach.follow(nexts[at] as number, character)
    }
    for (const at of begun) reach.follow(at, character)
    return reach.take()
  }
  const canBeginLater = (): boolean =>
    Array.from({ length: classes.count }, (_, previous) => restart(previous)).some((set) => set.length > 0)
  let beginsLater: boolean | null = null
  return {
    start: stateOf(restart(classes.count), classes.count),
    visits: reach.visits,
    canBeginLater: () => {
      beginsLater ??= canBeginLater()
      return beginsLater
    },
    step: (from, symbol) => {
      const isMatch = passPlaces(from, symbol)
      if (symbol.character === classes.count || (isMatch && isSearch)) return { to: nowhere, isMatch }
      const set = read(symbol.character)
      const isDone = isSearch && set.some((at) => op[at] === ops.match)
      return { to: stateOf(set, symbol.character), isMatch: isMatch || isDone }
    },
  }
}

/** A set of instructions in the making. */
type Reach = {
  readonly clear: () => void
  readonly add: (instruction: number) => void
  /** Adds what can be reached from an instruction without reading and without knowing what comes after. */
  readonly follow: (from: number, previous: number) => void
  readonly count: () => number
  readonly at: (index: number) => number
  readonly take: () => StateSet
  readonly copyTo: (target: Uint16Array) => number
  readonly isIn: (set: number, character: number) => boolean
  readonly visits: () => number
}

function createReach({ ops: op, nexts, others }: Program, classes: CharacterClasses): Reach {
  const width = classes.count + 1
  const marks = new Float64Array(op.length)
  const reached = new Uint16Array(op.length)
  const stack = new Uint16Array(op.length * 2 + 2)
  let stamp = 0
  let count = 0
  let visited = 0
  const isIn = (set: number, character: number): boolean => classes.members[set * width + character] === 1
  return {
    isIn,
    clear: () => {
      stamp += 1
      count = 0
    },
    add: (at) => {
      marks[at] = stamp
      reached[count++] = at
    },
    follow: (from, previous) => {
      let depth = 0
      stack[depth++] = from
      while (depth > 0) {
        const at = stack[--depth] as number
        visited += 1
        if (marks[at] === stamp) continue
        marks[at] = stamp
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
    },
    count: () => count,
    at: (index) => reached[index] as number,
    take: () => reached.slice(0, count).sort(),
    copyTo: (target) => {
      target.set(reached.subarray(0, count))
      return count
    },
    visits: () => visited,
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
