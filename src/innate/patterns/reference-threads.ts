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
  const op = program.ops
  const holds = createHolds(plan, subject)
  const asks = findReferences(program)
  let current: Thread[] = []
  let next: Thread[] = []
  let seen = new Set<string>()
  let rows = next

  const isNew = (instruction: number, read: number, registers: Int32Array): boolean => {
    const key = asks[instruction] === 1 ? `${instruction}.${read}.${registers.subarray(2).join()}` : `${instruction}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
  const follow = (instruction: number, at: number, registers: Int32Array): void => {
    const stack: Thread[] = [{ instruction, read: 0, registers }]
    for (let thread = stack.pop(); thread !== undefined && budget.left >= 0; thread = stack.pop()) {
      budget.left -= 1
      if (isNew(thread.instruction, 0, thread.registers)) enter(thread, at, stack)
    }
  }
  const enter = (thread: Thread, at: number, stack: Thread[]): void => {
    const { instruction, registers } = thread
    const nextOne = program.nexts[instruction] as number
    const other = program.others[instruction] as number
    const push = (to: number, changed: Int32Array): void => {
      stack.push({ instruction: to, read: 0, registers: changed })
    }
    switch (op[instruction]) {
      case ops.set:
      case ops.match:
        rows.push(thread)
        break
      case ops.reference:
      case ops.referenceIgnoringCase: {
        const length = (registers[other * 2 + 3] as number) - (registers[other * 2 + 2] as number)
        if ((registers[other * 2 + 3] as number) < 0) break
        if (length === 0) push(nextOne, registers)
        else rows.push(thread)
        break
      }
      case ops.split:
        push(other, registers)
        push(nextOne, registers)
        break
      case ops.save: {
        const changed = registers.slice()
        changed[other + 2] = at
        push(nextOne, changed)
        break
      }
      case ops.round:
        push(registers[(program.registers[instruction] as number) + 2] === at ? other : nextOne, registers)
        break
      default:
        if (holds(instruction, at, registers)) push(nextOne, registers)
    }
  }
  const moveReference = (thread: Thread, at: number): void => {
    const { instruction, read, registers } = thread
    const group = (program.others[instruction] as number) * 2 + 2
    const start = registers[group] as number
    const ignoresCase = op[instruction] === ops.referenceIgnoringCase
    if (!isSame(text.charCodeAt(start + read), text.charCodeAt(at), ignoresCase)) return
    if (start + read + 1 === registers[group + 1]) follow(program.nexts[instruction] as number, at + 1, registers)
    else if (isNew(instruction, read + 1, registers)) rows.push({ instruction, read: read + 1, registers })
  }
  const move = (thread: Thread, at: number, character: number): void => {
    if (op[thread.instruction] !== ops.set) return moveReference(thread, at)
    const set = program.others[thread.instruction] as number
    if (classes.members[set * (classes.count + 1) + character] === 0) return
    follow(program.nexts[thread.instruction] as number, at + 1, thread.registers)
  }
  return {
    follow,
    isDone: () => rows.length === 0,
    advance: (at) => {
      current = rows
      next = []
      rows = next
      seen = new Set()
      const isEnd = at >= text.length
      const character = isEnd ? classes.count : (classes.ofByte[text.charCodeAt(at) & 0xff] as number)
      for (const thread of current) {
        budget.left -= 1
        if (op[thread.instruction] === ops.match) {
          const found = thread.registers.slice()
          found[1] = at
          return found
        }
        if (!isEnd) move(thread, at, character)
      }
      return null
    },
  }
}

/** Whether a place or look holds; looks that refer to groups are worked out here, from where they stand. */
function createHolds(plan: ReferenceProgram, subject: ReferenceText) {
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

function isSame(one: number, other: number, ignoresCase: boolean): boolean {
  if (one === other) return true
  if (!ignoresCase || (one ^ other) !== 32) return false
  const lower = one | 32
  return lower >= 97 && lower <= 122
}

/** 1 for instructions that can lead to a reference, or to a look that may hold one. */
function findReferences({ ops: op, nexts, others }: Program): Uint8Array {
  const asks = new Uint8Array(op.length)
  for (let isChanged = true; isChanged; ) {
    isChanged = false
    for (let at = 0; at < op.length; at += 1) {
      const kind = op[at] as number
      if (asks[at] === 1 || kind === ops.match) continue
      const isOwn = kind === ops.reference || kind === ops.referenceIgnoringCase || kind === ops.look || kind === ops.noLook
      const isOther = (kind === ops.split || kind === ops.round) && asks[others[at] as number] === 1
      if (!isOwn && !isOther && asks[nexts[at] as number] !== 1) continue
      asks[at] = 1
      isChanged = true
    }
  }
  return asks
}
