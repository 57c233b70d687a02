import type { Found } from '../../automaton.ts'
import type { Work } from '../../operators/operator.ts'
import type { CandidateIndex } from './candidate-index.ts'
import type { ReadText } from './read-text.ts'
import type { TransformationTree } from './transformation-tree.ts'

export type TreeWalkParts = {
  readonly tree: TransformationTree
  readonly index: CandidateIndex
  /** Nodes to visit, parents first, without node 0. */
  readonly order: readonly number[]
  readonly form: (read: ReadText, node: number) => string
  /** Bits of `unsteady` that tell whether a node was changed by what had to be applied; `null` when they do not. */
  readonly steadyBits: readonly (number | null)[]
}

/** Whether a node of the tree has the text whose literals were found. */
export type IsAt = (node: number) => boolean

export type TreeWalk = (
  read: ReadText,
  raw: Found,
  work: Work,
  callback: (condition: number, isAt: IsAt) => void,
) => void

/**
 * Scans every text that transformations make of one, each distinct one once. Nodes whose transformation is not triggered
 * share the scan of their parent.
 *
 *   node   0  1  2  3  4           scans   0: raw   1: after node 1   2: after node 4
 *   scan   0  1  1  0  2
 */
export function createTreeWalk({ tree, index, order, form, steadyBits }: TreeWalkParts): TreeWalk {
  const { parents, triggerBits, isAlways, pathTriggers } = tree
  const scanOf = new Int32Array(tree.size)
  const pool: Found[] = []
  const founds: Found[] = []
  const texts: string[] = []
  let current = 0
  const isAt: IsAt = (node) => scanOf[node] === current

  const scanNumber = (text: string, work: Work): number => {
    const known = texts.indexOf(text)
    if (known >= 0) return known
    const number = texts.push(text) - 1
    const found = pool[number] ?? index.createFound()
    pool[number] = found
    founds[number] = found
    work.spent += text.length
    index.automaton.scan(text, found)
    return number
  }

  /** Whether nothing on the way to a node changes more of a text than case. */
  const isCalm = (read: ReadText, node: number): boolean => {
    const steady = steadyBits[node] ?? null
    if (steady === null || (read.triggers & (pathTriggers[node] as number)) !== 0) return false
    return (read.unsteady & steady) === 0
  }

  return (read, raw, work, callback) => {
    texts.length = 1
    texts[0] = read.text
    founds[0] = raw
    for (const node of order) {
      scanOf[node] = 0
      if (isCalm(read, node)) continue
      const parent = parents[node] as number
      const from = scanOf[parent] as number
      scanOf[node] = from
      const triggers = (founds[from] as Found).bits[0] as number
      if (isAlways[node] === 0 && (triggers & (triggerBits[node] as number)) === 0) continue
      if (work.spent > work.limit) continue
      const text = form(read, node)
      if (text !== form(read, parent)) scanOf[node] = scanNumber(text, work)
    }
    for (current = 0; current < texts.length; current += 1) {
      index.visit(founds[current] as Found, (condition) => callback(condition, isAt))
    }
    texts.length = 1
  }
}
