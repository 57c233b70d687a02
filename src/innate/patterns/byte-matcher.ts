import { once } from '../../core/once.ts'
import type { Span, Work } from '../operators/operator.ts'
import { hasReference, referredGroups } from './check-references.ts'
import {
  classesOf,
  createByteAutomaton,
  type LookNumbers,
  numberLooks,
  planLooks,
  programOptions,
} from './look-plan.ts'
import { type PatternNode, someNode } from './pattern-node.ts'
import { writeProgram } from './pattern-program.ts'
import { type ReferenceProgram, runReferences } from './reference-threads.ts'
import { relax } from './relax.ts'
import { markPlaces, type Places, searchBytes, searchPlaces } from './runs.ts'
import { runThreads } from './threads.ts'

/** A pattern ready to run on byte strings; its parts are made when first needed. */
export type ByteMatcher = {
  readonly test: (text: string, work?: Work) => boolean
  /** Places of the leftmost match and its groups 1-9, begin and end by turns, -1 where a group took no part. */
  readonly find: (text: string, work?: Work) => Int32Array | null
}

const noLooks: LookNumbers = new Map()

/** `readTree` reads the pattern, which is not kept: trees take more memory than automata. */
export function createByteMatcher(readTree: () => PatternNode): ByteMatcher {
  const tree = readTree()
  if (hasReference(tree)) return createReferenceMatcher(tree)
  return someNode(tree, ({ kind }) => kind === 'look') ? createLookMatcher(tree) : createPlainMatcher(readTree)
}

function createPlainMatcher(readTree: () => PatternNode): ByteMatcher {
  const numbers = noLooks
  const search = createByteAutomaton(readTree(), { isReversed: false, isSearch: true, numbers })
  const finder = once(() => createFinder(readTree(), numbers))
  return {
    test: (text, work) => searchBytes(search, text, work),
    find: (text, work) => finder()(text, freshPlaces(text.length + 1), work),
  }
}

function createLookMatcher(tree: PatternNode): ByteMatcher {
  const rough = createByteAutomaton(relax(tree), { isReversed: false, isSearch: true, numbers: noLooks })
  const numbers = numberLooks(tree)
  const planned = once(() => planLooks(numbers))
  const search = once(() => createByteAutomaton(tree, { isReversed: false, isSearch: true, numbers }))
  const finder = once(() => createFinder(tree, numbers))
  const placesOf = (text: string, work: Work | undefined): Places => {
    const places = freshPlaces(text.length + 1)
    planned()(text, places, work)
    return places
  }
  return {
    test: (text, work) => {
      if (!searchBytes(rough, text, work)) return false
      if (work !== undefined) work.spent += text.length
      return searchPlaces(search(), text, placesOf(text, work), work)
    },
    find: (text, work) => finder()(text, placesOf(text, work), work),
  }
}

type Finder = (text: string, places: Places, work: Work | undefined) => Int32Array | null

/** Reads a text backward for the leftmost place where a match begins, and on from there for its end and groups. */
function createFinder(tree: PatternNode, numbers: LookNumbers): Finder {
  const backward = createByteAutomaton(tree, { isReversed: true, isSearch: false, numbers })
  const groups = toldGroups(tree)
  const program = writeProgram(tree, programOptions({ isReversed: false, groups, numbers }))
  const classes = classesOf(program)
  return (text, places, work) => {
    const begin = markPlaces(backward, text, places, { isBackward: true, bits: 0, work })
    if (work !== undefined) work.spent += 2 * text.length
    if (begin < 0) return null
    const registers = runThreads(program, classes, { text, places, begin, work })
    return registers === null ? null : spread(registers, groups)
  }
}

/**
 * Steps that a pattern with references may take for each character. Ordinary texts take a few dozen; beyond the budget
 * `test` says yes where the pattern without its looks and with any text of a group for its reference does.
 */
const referenceSteps = 1_000
/** What such a step costs, in characters read. */
const stepCost = 10
/** The place of a mark that no look uses. */
const beginBit = 31

function createReferenceMatcher(tree: PatternNode): ByteMatcher {
  const rough = relax(tree)
  const search = createByteAutomaton(rough, { isReversed: false, isSearch: true, numbers: noLooks })
  const backward = once(() => createByteAutomaton(rough, { isReversed: true, isSearch: false, numbers: noLooks }))
  const numbers = numberLooks(tree)
  const planned = once(() => planLooks(numbers))
  const groups = [...new Set([...toldGroups(tree), ...referredGroups(tree)])]
  const programs = once(() => {
    const write = (part: PatternNode): ReferenceProgram => {
      const program = writeProgram(part, programOptions({ isReversed: false, groups, numbers }))
      return { program, classes: classesOf(program), looks }
    }
    const looks = new Map<number, ReferenceProgram>()
    for (const [look, number] of numbers) {
      if (look.kind === 'look' && hasReference(look)) looks.set(number, write(look.part))
    }
    return write(tree)
  })
  const run = (text: string, work: Work | undefined): Int32Array | null => {
    const places = freshPlaces(text.length + 1)
    planned()(text, places, work)
    markPlaces(backward(), text, places, { isBackward: true, bits: 1 << beginBit, work })
    const budget = { left: referenceSteps * (text.length + 1) }
    const registers = runReferences(programs(), {
      text,
      places,
      budget,
      mayBegin: (at) => (places[at] as number) >>> beginBit === 1,
    })
    if (work !== undefined) {
      work.spent += 2 * text.length + stepCost * (referenceSteps * (text.length + 1) - budget.left)
    }
    if (budget.left < 0) return wholeText(text)
    return registers === null ? null : spread(registers, groups)
  }
  return {
    test: (text, work) => searchBytes(search, text, work) && run(text, work) !== null,
    find: run,
  }
}

function wholeText(text: string): Int32Array {
  const spans = new Int32Array(20).fill(-1)
  spans.set([0, text.length])
  return spans
}

/** The groups whose matches are told. */
function toldGroups(tree: PatternNode): readonly number[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((number) =>
    someNode(tree, (node) => node.kind === 'group' && node.number === number),
  )
}

/** Registers of known groups to places of all. */
function spread(registers: Int32Array, groups: readonly number[]): Int32Array {
  const spans = new Int32Array(20).fill(-1)
  spans.set(registers.subarray(0, 2))
  for (const [index, number] of groups.entries()) {
    if (number < 10) spans.set(registers.subarray(index * 2 + 2, index * 2 + 4), number * 2)
  }
  return spans
}

export const spanOf = (spans: Int32Array): Span => ({ start: spans[0] ?? 0, end: spans[1] ?? 0 })

let buffer: Places = new Uint32Array(1_024)

/** A buffer that the next call uses again. */
function freshPlaces(length: number): Places {
  if (buffer.length < length) buffer = new Uint32Array(length * 2)
  buffer.fill(0, 0, length)
  return buffer
}
