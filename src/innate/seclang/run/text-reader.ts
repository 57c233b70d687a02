import { BoundedMap } from '../../../core/bounded-map.ts'
import type { Work } from '../../operators/operator.ts'
import type { Transformation } from '../../transformations/transformation.ts'
import type { CandidateIndex } from './candidate-index.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import type { ReadText } from './read-text.ts'
import type { TransformationTree } from './transformation-tree.ts'
import { createTreeWalk } from './tree-walk.ts'

export type TextReaderPlan = {
  readonly tree: TransformationTree
  readonly index: CandidateIndex
  /** Nodes at which each condition looks; empty for one without literals. */
  readonly nodesOf: readonly (readonly number[])[]
  readonly conditionCount: number
}

export type TextReader = {
  /** Scans a text, unless it is one of those that came before and were kept. */
  readonly read: (text: string, work: Work) => ReadText
  /** The text as a chain of transformations leaves it. */
  readonly form: (read: ReadText, node: number) => string
  /** No condition at all, for texts that were not scanned. */
  readonly unread: (text: string) => ReadText
}

/** Longer texts rarely come again. */
const maxKeptLength = 256
const nothing = new Int32Array(0)
/** Of a text that nobody has scanned: all bits. */
const unknown = -1
/** Shared by all transformations for which there is no bit of their own. */
const lastBit = 30

export function createTextReader(plan: TextReaderPlan, maxKept: number): TextReader {
  const { tree, index, nodesOf, conditionCount } = plan
  const words = (conditionCount + 31) >> 5
  const empty = new Int32Array(words)
  const kept = maxKept > 0 ? new BoundedMap<string, ReadText>(maxKept) : null
  const hasComeBefore = createDoorkeeper(maxKept * 4)
  const order = neededNodes(tree, nodesOf)
  const applied = order.filter((node) => tree.isAlways[node] === 1)
  const steadyBits = pathBits(tree, applied)
  const form = createForms(tree, steadyBits)
  const walk = createTreeWalk({ tree, index, order, form, steadyBits })
  const first = index.createFound()

  const unsteadyBits = (read: ReadText): number => {
    let bits = 0
    for (let at = 0; at < applied.length; at += 1) {
      const node = applied[at] as number
      if (form(read, node) !== form(read, tree.parents[node] as number)) bits |= 1 << Math.min(at, lastBit)
    }
    return bits
  }

  const scan = (text: string, work: Work): ReadText => {
    const read = newText(text, empty)
    index.automaton.scan(text, first)
    work.spent += text.length
    read.triggers = first.bits[0] as number
    // Until it is known, every form is worked out in earnest.
    read.unsteady = unsteadyBits(read)
    if (first.isEmpty && read.unsteady === 0) return read
    let candidates: Int32Array | null = null
    const add = (condition: number): void => {
      candidates ??= new Int32Array(words)
      candidates[condition >> 5] = (candidates[condition >> 5] as number) | (1 << (condition & 31))
    }
    if (read.triggers === 0 && read.unsteady === 0) index.visit(first, add)
    else walk(read, first, work, (condition, isAt) => nodesOf[condition]?.some(isAt) === true && add(condition))
    if (candidates !== null) read.candidates = candidates
    return read
  }

  const read = (text: string, work: Work): ReadText => {
    if (kept === null || text.length > maxKeptLength) return scan(text, work)
    const known = kept.get(text)
    if (known !== undefined) return known
    const made = scan(text, work)
    if (work.spent <= work.limit && hasComeBefore(text)) {
      made.judged = new Int32Array(words)
      made.answers = new Int32Array(words)
      kept.set(text, made)
    }
    return made
  }

  return { read, form, unread: (text) => newText(text, nothing) }
}

const newText = (text: string, candidates: Int32Array): ReadText => ({
  text,
  candidates,
  triggers: unknown,
  unsteady: unknown,
  forms: null,
  judged: null,
  answers: null,
  groups: null,
})

/** Nodes that conditions with literals look at, and all on the way to them; parents first. */
function neededNodes(tree: TransformationTree, nodesOf: readonly (readonly number[])[]): readonly number[] {
  const needed = new Set<number>()
  for (const nodes of nodesOf) {
    for (const node of nodes) for (let at = node; at > 0; at = tree.parents[at] as number) needed.add(at)
  }
  return [...needed].sort((one, other) => one - other)
}

/**
 * For each node the bits of the transformations on the way that `unsteady` speaks of; `null` when one of them is not
 * among these.
 */
function pathBits(tree: TransformationTree, applied: readonly number[]): readonly (number | null)[] {
  const bitOf = new Map(applied.map((node, at) => [node, 1 << Math.min(at, lastBit)]))
  return tree.alwaysOnPath.map((nodes) => {
    const bits = nodes.map((node) => bitOf.get(node))
    return bits.includes(undefined) ? null : bits.reduce<number>((sum, bit) => sum | (bit ?? 0), 0)
  })
}

/** Applies transformations when somebody asks for what comes of them, each at most once per text. */
function createForms(tree: TransformationTree, steadyBits: readonly (number | null)[]): TextReader['form'] {
  const { size, parents, transformations, pathTriggers, keepsCase } = tree
  const isUntouched = (read: ReadText, node: number): boolean => {
    const steady = steadyBits[node]
    if (steady === null || keepsCase[node] === 0 || read.triggers === unknown) return false
    return (read.triggers & (pathTriggers[node] as number)) === 0 && (read.unsteady & (steady as number)) === 0
  }
  const form = (read: ReadText, node: number): string => {
    if (node === 0 || isUntouched(read, node)) return read.text
    const known = read.forms?.[node]
    if (known !== undefined) return known
    const after = (transformations[node] as Transformation).apply(form(read, parents[node] as number))
    if (after === read.text) return read.text
    read.forms ??= new Array<string | undefined>(size).fill(undefined)
    read.forms[node] = after
    return after
  }
  return form
}
