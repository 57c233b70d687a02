import type { CharacterClasses } from './character-classes.ts'
import { ops, type Program } from './pattern-program.ts'
import type { Places } from './runs.ts'

/** A program that refers to its groups, with the programs of those looks ahead that do so as well, by number. */
export type ReferenceProgram = {
  readonly program: Program
  readonly classes: CharacterClasses
  readonly looks: ReadonlyMap<number, ReferenceProgram>
}

export type ReferenceText = {
  readonly text: string
  readonly places: Places
  /** Whether a match may begin at a place. */
  readonly mayBegin: (at: number) => boolean
  /** Steps that are left; below 0 the search ends. */
  readonly budget: { left: number }
}

/** A way through a program: `read` characters of the group that it is about to repeat. */
type Thread = { readonly instruction: number; readonly read: number; readonly registers: Int32Array }

/**
 * Follows all ways through a program at once, each with what its groups have matched: exact, and as Perl prefers. There
 * can be many such ways, so steps are counted against a budget. Registers as of `runThreads`; `null`: no match, or the
 * budget is spent.
 */
export function runReferences(
  plan: ReferenceProgram,
  subject: ReferenceText,
  before: Int32Array | null = null,
): Int32Array | null {
  const { text, mayBegin, budget } = subject
  const run = createRun(plan, subject)
  const fresh = before ?? new Int32Array(plan.program.registerCount + 2).fill(-1)
  let best: Int32Array | null = null
  for (let at = 0; at <= text.length && budget.left >= 0; at += 1) {
    if (best === null && mayBegin(at)) {
      const registers = fresh.slice()
      registers[0] = at
      run.follow(plan.program.start, at, registers)
    }
    best = run.advance(at) ?? best
    if (best !== null && run.isDone()) break
  }
  return budget.left < 0 ? null : best
}

type Run = {
  readonly follow: (instruction: number, at: number, registers: Int32Array) => void
  /** Moves all threads over the character at a place; the registers of one that is done. */
  readonly advance: (at: number) => Int32Array | null
  readonly isDone: () => boolean
}

function createRun(plan: ReferenceProgram, subject: ReferenceText): Run {
  const { program, classes } = plan
  const { text, budget } = subject
  const holds = createHolds(plan, subject)
  const threads = createThreads(program, budget)

  const follow = (instruction: number, at: number, registers: Int32Array): void => {
    const stack: Thread[] = [{ instruction, read: 0, registers }]
    for (let thread = stack.pop(); thread !== undefined && budget.left >= 0; thread = stack.pop()) {
      budget.left -= 1
      if (!threads.isNew(thread)) continue
      if (isReading(program, thread)) threads.add(thread)
      else stack.push(...after(program, thread, at, holds))
    }
  }
  const move = (thread: Thread, at: number): void => {
    const { instruction, registers } = thread
    const isRead =
      program.ops[instruction] === ops.set
        ? isMember(program, classes, instruction, text.charCodeAt(at))
        : repeats(program, thread, text, at)
    if (!isRead) return
    if (isLast(program, thread)) follow(program.nexts[instruction] as number, at + 1, registers)
    else {
      const further = { instruction, read: thread.read + 1, registers }
      if (threads.isNew(further)) threads.add(further)
    }
  }
  return {
    follow,
    isDone: threads.isEmpty,
    advance: (at) => {
      for (const thread of threads.takeAll()) {
        budget.left -= 1
        if (program.ops[thread.instruction] === ops.match) {
          const found = thread.registers.slice()
          found[1] = at
          return found
        }
        if (at < text.length) move(thread, at)
      }
      return null
    },
  }
}

type Threads = {
  /** False for a thread that has the same future as one before it, which goes first. */
  readonly isNew: (thread: Thread) => boolean
  readonly add: (thread: Thread) => void
  readonly isEmpty: () => boolean
  /** All threads of a place, the preferred first; makes room for those of the next place. */
  readonly takeAll: () => readonly Thread[]
}

function createThreads(program: Program, budget: ReferenceText['budget']): Threads {
  const asks = findReferences(program)
  const first = program.groups * 2 + 2
  let list: Thread[] = []
  /** Threads of this place by instruction. */
  let known: (Thread[] | undefined)[] = []
  const isLike = (one: Thread, other: Thread): boolean => {
    budget.left -= 1
    if (one.read !== other.read) return false
    for (let register = 2; register < first; register += 1) {
      if (one.registers[register] !== other.registers[register]) return false
    }
    return true
  }
  return {
    isNew: (thread) => {
      const others = known[thread.instruction]
      if (others === undefined) {
        known[thread.instruction] = [thread]
        return true
      }
      if (asks[thread.instruction] === 0 || others.some((other) => isLike(thread, other))) return false
      others.push(thread)
      return true
    },
    add: (thread) => {
      list.push(thread)
    },
    isEmpty: () => list.length === 0,
    takeAll: () => {
      const all = list
      list = []
      known = []
      return all
    },
  }
}

const isReference = (op: number | undefined): boolean => op === ops.reference || op === ops.referenceIgnoringCase

/** Where the group that a reference repeats begins and ends; -1 when it has matched nothing. */
function spanOf({ others }: Program, { instruction, registers }: Thread): readonly [number, number] {
  const register = (others[instruction] as number) * 2 + 2
  return [registers[register] as number, registers[register + 1] as number]
}

/** Whether the next thing to do is to read a character, or be done. An empty group is repeated without. */
function isReading(program: Program, thread: Thread): boolean {
  const op = program.ops[thread.instruction]
  if (!isReference(op)) return op === ops.set || op === ops.match
  const [start, end] = spanOf(program, thread)
  return end > start
}

/** Where a thread goes without reading, the preferred last. */
function after(program: Program, thread: Thread, at: number, holds: Holds): readonly Thread[] {
  const { nexts, others } = program
  const { instruction, registers } = thread
  const next = { instruction: nexts[instruction] as number, read: 0, registers }
  const other = others[instruction] as number
  switch (program.ops[instruction]) {
    case ops.split:
      return [{ ...next, instruction: other }, next]
    case ops.save: {
      const changed = registers.slice()
      changed[other + 2] = at
      return [{ ...next, registers: changed }]
    }
    case ops.round:
      return [registers[(program.registers[instruction] as number) + 2] === at ? { ...next, instruction: other } : next]
    case ops.reference:
    case ops.referenceIgnoringCase:
      return spanOf(program, thread)[1] < 0 ? [] : [next]
    default:
      return holds(instruction, at, registers) ? [next] : []
  }
}

function isMember(program: Program, classes: CharacterClasses, instruction: number, code: number): boolean {
  const character = classes.ofByte[code & 0xff] as number
  return classes.members[(program.others[instruction] as number) * (classes.count + 1) + character] === 1
}

/** Whether a character is the next one of the group that is repeated. */
function repeats(program: Program, thread: Thread, text: string, at: number): boolean {
  const one = text.charCodeAt(spanOf(program, thread)[0] + thread.read)
  const other = text.charCodeAt(at)
  if (one === other) return true
  if (program.ops[thread.instruction] === ops.reference || (one ^ other) !== 32) return false
  const lower = one | 32
  return lower >= 97 && lower <= 122
}

/** Whether the character just read is the last one that the instruction reads. */
function isLast(program: Program, thread: Thread): boolean {
  if (!isReference(program.ops[thread.instruction])) return true
  const [start, end] = spanOf(program, thread)
  return start + thread.read + 1 === end
}

type Holds = (instruction: number, at: number, registers: Int32Array) => boolean

/** Whether a place or look holds; looks that refer to groups are worked out here, from where they stand. */
function createHolds(plan: ReferenceProgram, subject: ReferenceText): Holds {
  const { program, classes } = plan
  const { text, places, budget } = subject
  const classAt = (at: number): number =>
    at < 0 || at >= text.length ? classes.count : (classes.ofByte[text.charCodeAt(at) & 0xff] as number)
  return (instruction: number, at: number, registers: Int32Array): boolean => {
    const other = program.others[instruction] as number
    const kind = program.ops[instruction]
    if (kind === ops.before || kind === ops.after) {
      const character = classAt(kind === ops.before ? at - 1 : at)
      return classes.members[other * (classes.count + 1) + character] === 1
    }
    const look = plan.looks.get(other)
    const isThere =
      look === undefined
        ? (((places[at] as number) >>> other) & 1) === 1
        : lookAhead(look, { text, places, budget, at }, registers)
    return isThere === (kind === ops.look)
  }
}

function lookAhead(
  look: ReferenceProgram,
  { text, places, budget, at }: Omit<ReferenceText, 'mayBegin'> & { readonly at: number },
  registers: Int32Array,
): boolean {
  const run = createRun(look, { text, places, budget, mayBegin: () => false })
  const own = new Int32Array(look.program.registerCount + 2).fill(-1)
  own.set(registers.subarray(0, own.length))
  run.follow(look.program.start, at, own)
  for (let place = at; place <= text.length && !run.isDone() && budget.left >= 0; place += 1) {
    if (run.advance(place) !== null) return true
  }
  return false
}

/** 1 for instructions that can lead to a reference, or to a look that may hold one. */
function findReferences({ ops: op, nexts, others }: Program): Uint8Array {
  const asks = new Uint8Array(op.length)
  for (let isChanged = true; isChanged; ) {
    isChanged = false
    for (let at = 0; at < op.length; at += 1) {
      const kind = op[at] as number
      if (asks[at] === 1 || kind === ops.match) continue
      const isOwn =
        kind === ops.reference || kind === ops.referenceIgnoringCase || kind === ops.look || kind === ops.noLook
      const isOther = (kind === ops.split || kind === ops.round) && asks[others[at] as number] === 1
      if (!isOwn && !isOther && asks[nexts[at] as number] !== 1) continue
      asks[at] = 1
      isChanged = true
    }
  }
  return asks
}
