import { type Edge, type PatternNode, parsePattern, type Ranges } from './regex-syntax.ts'

/** One step of a program: read a character of a set, take both ways, pass an edge, or be done. */
export type Instruction =
  | { readonly kind: 'set'; readonly set: number; readonly next: number }
  | { readonly kind: 'split'; readonly next: number; readonly other: number }
  | { readonly kind: 'edge'; readonly edge: Edge; readonly next: number }
  | { readonly kind: 'match' }

/** A pattern as a nondeterministic automaton (Thompson 1968). */
export type Program = {
  readonly instructions: readonly Instruction[]
  readonly start: number
  readonly sets: readonly Ranges[]
  /** Whether it asks where words begin and end. */
  readonly hasWordEdges: boolean
}

/** Repeats are written out; what would be longer than this is left to the library. */
const maxInstructions = 8_000

/** Compiles a pattern; `null` when it uses what the parser does not fully understand, or is too large. */
export function compileProgram(pattern: string): Program | null {
  const parsed = parsePattern(pattern)
  if (parsed === null || !parsed.isExact) return null
  const writer = { instructions: [{ kind: 'match' }] as Instruction[], sets: new Map<string, number>() }
  const start = write(writer, parsed.tree, 0)
  if (start === null) return null
  const sets = [...writer.sets.keys()].map((key) => (key === '' ? [] : key.split(',').map(Number)))
  const { instructions } = writer
  const hasWordEdges = instructions.some((one) => one.kind === 'edge' && one.edge !== 'begin' && one.edge !== 'end')
  return { instructions, start, sets, hasWordEdges }
}

type Writer = { readonly instructions: Instruction[]; readonly sets: Map<string, number> }

/** Writes a node before `next` and returns where it begins; `null` when the program gets too long. */
function write(writer: Writer, node: PatternNode, next: number): number | null {
  switch (node.kind) {
    case 'set':
      return put(writer, { kind: 'set', set: setNumber(writer, node.ranges), next })
    case 'edge':
      return put(writer, { kind: 'edge', edge: node.edge, next })
    case 'all':
      return node.parts.reduceRight<number | null>((at, part) => (at === null ? null : write(writer, part, at)), next)
    case 'any':
      return writeAny(writer, node.parts, next)
    case 'repeat':
      return writeRepeat(writer, node, next)
  }
}

function writeAny(writer: Writer, parts: readonly PatternNode[], next: number): number | null {
  let entry: number | null = null
  for (const part of parts.toReversed()) {
    const own = write(writer, part, next)
    if (own === null) return null
    entry = entry === null ? own : put(writer, { kind: 'split', next: own, other: entry })
    if (entry === null) return null
  }
  return entry
}

function writeRepeat(writer: Writer, node: Extract<PatternNode, { kind: 'repeat' }>, next: number): number | null {
  const { part, min, max } = node
  let entry: number | null = max === Number.POSITIVE_INFINITY ? writeLoop(writer, part, next) : next
  const copies = max === Number.POSITIVE_INFINITY ? 0 : max - min
  for (let copy = 0; copy < copies && entry !== null; copy += 1) {
    const own = write(writer, part, entry)
    entry = own === null ? null : put(writer, { kind: 'split', next: own, other: next })
  }
  for (let copy = 0; copy < min && entry !== null; copy += 1) entry = write(writer, part, entry)
  return entry
}

function writeLoop(writer: Writer, part: PatternNode, next: number): number | null {
  const loop = put(writer, { kind: 'match' })
  if (loop === null) return null
  const own = write(writer, part, loop)
  if (own === null) return null
  writer.instructions[loop] = { kind: 'split', next: own, other: next }
  return loop
}

function put(writer: Writer, instruction: Instruction): number | null {
  if (writer.instructions.length >= maxInstructions) return null
  return writer.instructions.push(instruction) - 1
}

function setNumber({ sets }: Writer, ranges: Ranges): number {
  const key = ranges.join(',')
  const known = sets.get(key)
  if (known !== undefined) return known
  sets.set(key, sets.size)
  return sets.size - 1
}
