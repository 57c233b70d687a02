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
/** Of a text that nobody has scanned. */
const unknownTriggers = -1

export function createTextReader(plan: TextReaderPlan, maxKept: number): TextReader {
  const { tree, index, nodesOf, conditionCount } = plan
  const words = (conditionCount + 31) >> 5
  const empty = new Int32Array(words)
  const kept = maxKept > 0 ? new BoundedMap<string, ReadText>(maxKept) : null
  const hasComeBefore = createDoorkeeper(maxKept * 4)
  const order = neededNodes(tree, nodesOf)
  const applied = order.filter((node) => tree.isAlways[node] === 1)
  const form = createForms(tree, new Set(applied))
  const walk = createTreeWalk({ tree, index, order, form })
  const first = index.createFound()

  const isSteady = (read: ReadText): boolean => {
    for (const node of applied) if (form(read, node) !== form(read, tree.parents[node] as number)) return false
    return true
  }

  const scan = (text: string, work: Work): ReadText => {
    const read = newText(text, empty)
    index.automaton.scan(text, first)
    work.spent += text.length
    read.triggers = first.bits[0] as number
    // Decided before `isSteady` is set, so that every form is worked out in earnest.
    const isPlain = isSteady(read)
    read.isSteady = isPlain
    if (first.isEmpty && isPlain) return read
    let candidates: Int32Array | null = null
    const add = (condition: number): void => {
      candidates ??= new Int32Array(words)
      candidates[condition >> 5] = (candidates[condition >> 5] as number) | (1 << (condition & 31))
    }
    if (read.triggers === 0 && isPlain) index.visit(first, add)
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
  triggers: unknownTriggers,
  isSteady: false,
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
 * Applies transformations when somebody asks for what comes of them, each at most once per text. `steadied` are the
 * nodes that `isSteady` speaks of.
 */
function createForms(tree: TransformationTree, steadied: ReadonlySet<number>): TextReader['form'] {
  const { size, parents, transformations, pathTriggers, keepsCase, alwaysOnPath } = tree
  /** 0: has to be applied; 1: untouched when nothing triggers; 2: when the text is steady besides. */
  const calm = Uint8Array.from({ length: size }, (_, node) => {
    const always = alwaysOnPath[node] as readonly number[]
    if (keepsCase[node] === 0 || !always.every((at) => steadied.has(at))) return 0
    return always.length === 0 ? 1 : 2
  })
  const isUntouched = (read: ReadText, node: number): boolean => {
    if (calm[node] === 0 || (read.triggers & (pathTriggers[node] as number)) !== 0) return false
    return calm[node] === 1 ? read.triggers !== unknownTriggers : read.isSteady
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
