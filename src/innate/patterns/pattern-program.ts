import { canBeEmpty } from './pattern-length.ts'
import { type PatternNode, partsOf, type RepeatNode } from './pattern-node.ts'
import type { Ranges } from './ranges.ts'

/** One step of a program. */
export const ops = {
  /** Be done. */
  match: 0,
  /** Read a character of set `other`. */
  set: 1,
  /** Go on at `next` or, less gladly, at `other`. */
  split: 2,
  /** Go on where the character before, or after, is of set `other`. */
  before: 3,
  after: 4,
  /** Go on where look `other` holds, or does not. */
  look: 5,
  noLook: 6,
  /** Remember the place in register `other`. */
  save: 7,
  /** Go on at `next`, or stop a loop at `other` when the round that ends here read nothing. `registers` holds where it began. */
  round: 8,
  /** Read what the group at index `other` matched. */
  reference: 9,
  referenceIgnoringCase: 10,
} as const

/** A pattern as a nondeterministic automaton (Thompson 1968). */
export type Program = {
  readonly ops: Uint8Array
  readonly nexts: Uint16Array
  readonly others: Uint16Array
  /** By instruction: where a round began, for `round`. */
  readonly registers: Uint16Array
  readonly registerCount: number
  /** How many groups it remembers. */
  readonly groups: number
  readonly start: number
  readonly sets: readonly Ranges[]
  /** A bit for each look that the program asks for. */
  readonly looks: number
}

export type ProgramOptions = {
  /** For reading backwards: matches the texts that end with what the pattern matches, from their end. */
  readonly isReversed: boolean
  /** Groups whose beginnings and ends to remember, at registers twice their index and the next. */
  readonly groups: readonly number[]
  /** Number of a look, whose results are worked out before. */
  readonly lookNumber: (look: PatternNode) => number
}

/**
 * Repeats are written out; longer programs are refused. Instructions have numbers of 16 bits. Patterns that tools
 * assemble from word lists come to some 20,000.
 */
export const maxInstructions = 60_000

/** How long the program of a pattern gets at most, the programs of its looks included; stops counting beyond the limit. */
export function programLength(node: PatternNode, limit = maxInstructions): number {
  if (limit < 0) return 1
  if (node.kind === 'repeat') return repeatLength(node, limit)
  let length = ownLength(node)
  for (const part of partsOf(node)) {
    if (length > limit) return length
    length += programLength(part, limit - length)
  }
  return length
}

function ownLength(node: PatternNode): number {
  if (node.kind === 'any') return node.parts.length
  if (node.kind === 'group') return 2
  return node.kind === 'all' || node.kind === 'atomic' ? 0 : 1
}

function repeatLength({ part, min, max }: RepeatNode, limit: number): number {
  const copies = max === Number.POSITIVE_INFINITY ? Math.max(min, 1) : max
  return 3 + copies * (programLength(part, limit) + 1)
}

type Writer = ProgramOptions & {
  readonly ops: number[]
  readonly nexts: number[]
  readonly others: number[]
  readonly registers: number[]
  readonly sets: Map<string, number>
  readonly ranges: Ranges[]
  registerCount: number
  looks: number
}

/** Writes a pattern whose length has been checked. */
export function writeProgram(tree: PatternNode, options: ProgramOptions): Program {
  const writer: Writer = {
    ...options,
    ops: [],
    nexts: [],
    others: [],
    registers: [],
    sets: new Map(),
    ranges: [],
    registerCount: options.groups.length * 2,
    looks: 0,
  }
  const start = write(writer, tree, put(writer, ops.match, 0, 0))
  return {
    ops: Uint8Array.from(writer.ops),
    nexts: Uint16Array.from(writer.nexts),
    others: Uint16Array.from(writer.others),
    registers: Uint16Array.from(writer.registers),
    registerCount: writer.registerCount,
    groups: options.groups.length,
    start,
    sets: writer.ranges,
    looks: writer.looks,
  }
}

/** Writes a node before `next` and returns where it begins. */
function write(writer: Writer, node: PatternNode, next: number): number {
  switch (node.kind) {
    case 'set':
      return put(writer, ops.set, next, setNumber(writer, node.ranges))
    case 'before':
    case 'after': {
      const isBefore = (node.kind === 'before') !== writer.isReversed
      return put(writer, isBefore ? ops.before : ops.after, next, setNumber(writer, node.ranges))
    }
    case 'all': {
      const parts = writer.isReversed ? node.parts.toReversed() : node.parts
      return parts.reduceRight((at, part) => write(writer, part, at), next)
    }
    case 'any':
      return writeAny(writer, node.parts, next)
    case 'repeat':
      return writeRepeat(writer, node, next)
    case 'group':
      return writeGroup(writer, node, next)
    case 'look': {
      const number = writer.lookNumber(node)
      writer.looks |= 1 << number
      return put(writer, node.isNegated ? ops.noLook : ops.look, next, number)
    }
    case 'atomic':
      return write(writer, node.part, next)
    case 'reference':
      return put(
        writer,
        node.ignoresCase ? ops.referenceIgnoringCase : ops.reference,
        next,
        writer.groups.indexOf(node.number),
      )
  }
}

function writeAny(writer: Writer, parts: readonly PatternNode[], next: number): number {
  const entries = parts.map((part) => write(writer, part, next))
  return entries.reduceRight((other, own) => put(writer, ops.split, own, other))
}

function writeGroup(writer: Writer, node: Extract<PatternNode, { kind: 'group' }>, next: number): number {
  const index = writer.groups.indexOf(node.number)
  if (index < 0) return write(writer, node.part, next)
  const close = put(writer, ops.save, next, index * 2 + 1)
  return put(writer, ops.save, write(writer, node.part, close), index * 2)
}

function writeRepeat(writer: Writer, node: RepeatNode, next: number): number {
  const { part, min, max, isLazy } = node
  const isEndless = max === Number.POSITIVE_INFINITY
  let entry = next
  if (isEndless) entry = writeLoop(writer, node, next)
  else {
    for (let copy = min; copy < max; copy += 1) entry = prefer(writer, write(writer, part, entry), next, isLazy)
  }
  for (let copy = isEndless && min > 0 ? 1 : 0; copy < min; copy += 1) entry = write(writer, part, entry)
  return entry
}

const prefer = (writer: Writer, own: number, next: number, isLazy: boolean): number =>
  isLazy ? put(writer, ops.split, next, own) : put(writer, ops.split, own, next)

/**
 *   again: split(begin, next)   begin: part -> again
 *
 * A part that may be empty, where groups count:   begin: save, part, round -> again, or next when nothing was read
 */
function writeLoop(writer: Writer, { part, min, isLazy }: RepeatNode, next: number): number {
  const again = put(writer, ops.split, 0, 0)
  let end = again
  let register = 0
  const isRound = writer.groups.length > 0 && canBeEmpty(part)
  if (isRound) {
    register = writer.registerCount++
    end = put(writer, ops.round, again, next)
    writer.registers[end] = register
  }
  const body = write(writer, part, end)
  const begin = isRound ? put(writer, ops.save, body, register) : body
  writer.nexts[again] = isLazy ? next : begin
  writer.others[again] = isLazy ? begin : next
  return min > 0 ? begin : again
}

function put(writer: Writer, op: number, next: number, other: number): number {
  writer.ops.push(op)
  writer.nexts.push(next)
  writer.others.push(other)
  return writer.registers.push(0) - 1
}

function setNumber({ sets, ranges }: Writer, members: Ranges): number {
  const key = members.join()
  const known = sets.get(key)
  if (known !== undefined) return known
  sets.set(key, ranges.length)
  return ranges.push(members) - 1
}
