import type { Work } from '../operators/operator.ts'
import type { CharacterClasses } from './character-classes.ts'
import { ops, type Program } from './pattern-program.ts'
import type { Places } from './runs.ts'

/** What moving a thread over a character costs, in characters read. */
const stepCost = 4

/** A text being matched, and what is known about it. */
export type ThreadText = {
  readonly text: string
  /** Which looks hold where, a bit each. */
  readonly places: Places
  /** Where the match begins. */
  readonly begin: number
  /** Where the steps of threads are booked; beyond the limit nothing is found any more. */
  readonly work: Work | undefined
}

/**
 * Follows all ways through a program at once, the preferred first, and remembers where groups begin and end (R. Pike's
 * simulation): at most one thread an instruction and place, so linear in the text. Returns the registers of the match
 * that Perl would prefer, with its own places in front; `null` when there is none.
 */
export function runThreads(program: Program, classes: CharacterClasses, subject: ThreadText): Int32Array | null {
  const { text, begin, work } = subject
  let current = createThreads(program)
  let next = createThreads(program)
  const follow = createFollow(program, classes, subject)
  const fresh = new Int32Array(program.registerCount + 2).fill(-1)
  let best: Int32Array | null = null
  fresh[0] = begin
  follow(current, program.start, begin, fresh)
  for (let at = begin; at <= text.length && current.count > 0; at += 1) {
    if (work !== undefined) {
      work.spent += stepCost * current.count
      if (work.spent > work.limit) return null
    }
    best = advance(program, classes, { current, next, follow, text, at }) ?? best
    const done = current
    current = next
    next = done
    next.count = 0
  }
  return best
}

/** Threads of one place, the preferred first: their instructions and registers. */
type Threads = {
  count: number
  readonly instructions: Uint16Array
  readonly registers: Int32Array
  readonly width: number
}

type Follow = (threads: Threads, from: number, at: number, registers: Int32Array) => void

function createThreads({ ops: op, registerCount }: Program): Threads {
  const width = registerCount + 2
  const most = op.filter((kind) => kind === ops.set || kind === ops.match).length
  return { count: 0, instructions: new Uint16Array(most), registers: new Int32Array(most * width), width }
}

type Step = {
  readonly current: Threads
  readonly next: Threads
  readonly follow: Follow
  readonly text: string
  readonly at: number
}

/** Moves all threads over a character; the registers of a thread that is done, which ends those behind it. */
function advance(
  program: Program,
  classes: CharacterClasses,
  { current, next, follow, text, at }: Step,
): Int32Array | null {
  const { width } = current
  const character = at < text.length ? (classes.ofByte[text.charCodeAt(at) & 0xff] as number) : classes.count
  for (let index = 0; index < current.count; index += 1) {
    const instruction = current.instructions[index] as number
    const registers = current.registers.subarray(index * width, (index + 1) * width)
    if (program.ops[instruction] === ops.match) {
      const found = registers.slice()
      found[1] = at
      return found
    }
    const set = program.others[instruction] as number
    if (character === classes.count || classes.members[set * (classes.count + 1) + character] === 0) continue
    follow(next, program.nexts[instruction] as number, at + 1, registers)
  }
  return null
}

/** Adds the threads that an instruction leads to before anything is read. */
function createFollow(program: Program, classes: CharacterClasses, { text, places }: ThreadText): Follow {
  const { ops: op, nexts, others, registers: rounds } = program
  const marks = new Int32Array(op.length).fill(-1)
  const width = classes.count + 1
  const classAt = (at: number): number =>
    at < 0 || at >= text.length ? classes.count : (classes.ofByte[text.charCodeAt(at) & 0xff] as number)
  const isIn = (set: number, character: number): boolean => classes.members[set * width + character] === 1
  const holds = (instruction: number, at: number): boolean => {
    const other = others[instruction] as number
    switch (op[instruction]) {
      case ops.before:
        return isIn(other, classAt(at - 1))
      case ops.after:
        return isIn(other, classAt(at))
      case ops.look:
        return (((places[at] as number) >>> other) & 1) === 1
      default:
        return (((places[at] as number) >>> other) & 1) === 0
    }
  }
  // Instructions to go on with, and registers to restore: a register as -1 minus its number, with its value below.
  const stack: number[] = []
  const now = new Int32Array(program.registerCount + 2)
  return (threads, from, at, registers) => {
    now.set(registers)
    stack.push(from)
    while (stack.length > 0) {
      const instruction = stack.pop() as number
      if (instruction < 0) {
        now[-1 - instruction] = stack.pop() as number
        continue
      }
      const next = nexts[instruction] as number
      const other = others[instruction] as number
      // A round that read nothing ends its loop even when another round has come here, as that one prefers to go on.
      if (op[instruction] === ops.round && now[(rounds[instruction] as number) + 2] === at) {
        stack.push(other)
        continue
      }
      if (marks[instruction] === at) continue
      marks[instruction] = at
      switch (op[instruction]) {
        case ops.set:
        case ops.match:
          threads.registers.set(now, threads.count * threads.width)
          threads.instructions[threads.count++] = instruction
          break
        case ops.split:
          stack.push(other, next)
          break
        case ops.save:
          stack.push(now[other + 2] as number, -3 - other, next)
          now[other + 2] = at
          break
        case ops.round:
          stack.push(next)
          break
        default:
          if (holds(instruction, at)) stack.push(next)
      }
    }
  }
}
