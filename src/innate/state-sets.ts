import type { CharacterClasses } from './character-classes.ts'
import type { Program } from './pattern-program.ts'

/** Instructions of a program that a text may have reached, in order. */
export type StateSet = Uint16Array

/** What stands on both sides of a place in the text. `next` is a class, or the number of classes for the end. */
export type Place = { readonly isBegin: boolean; readonly isAfterWord: boolean; readonly next: number }

/** Steps of the automaton that a program stands for, from set to set; slow, each one worked out once. */
export type StateSets = {
  /** What may begin anywhere, and what at the start of the text only. */
  readonly start: StateSet
  readonly restart: StateSet
  /** `null` when the text matches here. */
  readonly step: (from: StateSet, place: Place) => StateSet | null
}

const setOp = 0
const splitOp = 1
const matchOp = 2
/** Edges are told by `edgeOp` and up. */
const edgeOp = 3
const edgeNumbers = { begin: 0, end: 1, word: 2, 'no-word': 3 } as const

export function createStateSets(program: Program, classes: CharacterClasses): StateSets {
  const size = program.instructions.length
  const { ops, nexts, others } = layOut(program)
  const marks = new Float64Array(size)
  const reached = new Uint16Array(size)
  const stack = new Uint16Array(size * 2 + 2)
  let stamp = 0
  let count = 0

  /** Adds what can be reached from an instruction without reading; splits themselves are left out. */
  const follow = (from: number): void => {
    let depth = 0
    stack[depth++] = from
    while (depth > 0) {
      const at = stack[--depth] as number
      if (marks[at] === stamp) continue
      marks[at] = stamp
      if (ops[at] === splitOp) {
        stack[depth++] = others[at] as number
        stack[depth++] = nexts[at] as number
      } else {
        reached[count++] = at
      }
    }
  }
  const clear = (): void => {
    stamp += 1
    count = 0
  }
  const closureOf = (from: number): StateSet => {
    clear()
    follow(from)
    return reached.slice(0, count).sort()
  }

  /** Passes the edges that hold at a place, starting from a set. Returns whether the match is reached. */
  const passEdges = (from: StateSet, place: Place): boolean => {
    clear()
    for (const at of from) follow(at)
    for (let index = 0; index < count; index += 1) {
      const at = reached[index] as number
      const op = ops[at] as number
      if (op === matchOp) return true
      if (op >= edgeOp && edgeHolds(op - edgeOp, place, classes)) follow(nexts[at] as number)
    }
    return false
  }

  const start = closureOf(program.start)
  const restart = start.filter((at) => ops[at] !== edgeOp + edgeNumbers.begin)
  const isMatch = (set: StateSet): boolean => set.some((at) => ops[at] === matchOp)
  return {
    start,
    restart,
    step: (from, place) => {
      if (passEdges(from, place)) return null
      const { next } = place
      if (next === classes.count) return new Uint16Array(0)
      const here = reached.slice(0, count)
      clear()
      for (const at of here) {
        if (ops[at] !== setOp || classes.members[(others[at] as number) * classes.count + next] === 0) continue
        follow(nexts[at] as number)
      }
      for (const at of restart) follow(at)
      const result = reached.slice(0, count).sort()
      return isMatch(result) ? null : result
    },
  }
}

function edgeHolds(edge: number, { isBegin, isAfterWord, next }: Place, classes: CharacterClasses): boolean {
  if (edge === edgeNumbers.begin) return isBegin
  if (edge === edgeNumbers.end) return next === classes.count
  const isBeforeWord = next < classes.count && classes.isWord[next] === 1
  return (isAfterWord !== isBeforeWord) === (edge === edgeNumbers.word)
}

function layOut({ instructions }: Program): {
  readonly ops: Uint8Array
  readonly nexts: Uint16Array
  readonly others: Uint16Array
} {
  const ops = new Uint8Array(instructions.length)
  const nexts = new Uint16Array(instructions.length)
  const others = new Uint16Array(instructions.length)
  for (const [at, instruction] of instructions.entries()) {
    if (instruction.kind === 'match') {
      ops[at] = matchOp
      continue
    }
    nexts[at] = instruction.next
    if (instruction.kind === 'set') others[at] = instruction.set
    else if (instruction.kind === 'split') {
      ops[at] = splitOp
      others[at] = instruction.other
    } else ops[at] = edgeOp + edgeNumbers[instruction.edge]
  }
  return { ops, nexts, others }
}
