import type { Transformation } from '../../transformations/transformation.ts'

/** A transformation that says more about itself, as those of SecLang do. */
type Described = Transformation & { readonly isCaseOnly?: true }

/**
 * All chains of transformations of a program as one tree, so that what they begin with is worked out once.
 *
 *   0 the text itself ── 1 urlDecodeUni ── 2 htmlEntityDecode
 *                     └─ 3 lowercase       └─ 4 lowercase           parents come before children
 */
export type TransformationTree = {
  readonly size: number
  readonly parents: readonly number[]
  /** What leads from the parent to the node; `null` for node 0. */
  readonly transformations: readonly (Transformation | null)[]
  /** Bit of the transformation's triggers in a scan; 0 when it has none. */
  readonly triggerBits: Int32Array
  /** 1: nothing is known about when the transformation changes a text, so that it has to be applied. */
  readonly isAlways: Uint8Array
  /** Union of `triggerBits` on the way from node 0. */
  readonly pathTriggers: Int32Array
  /** 1: no transformation on the way changes letters in case unless it is triggered or `isAlways`. */
  readonly keepsCase: Uint8Array
  /** Nodes on the way that are `isAlways`, the node itself among them. */
  readonly alwaysOnPath: readonly (readonly number[])[]
  /** Strings to look for with the number of their bit. */
  readonly triggers: readonly { readonly id: number; readonly text: string }[]
}

/** Triggers share one word of a scan's result. */
const maxTriggers = 31

export type TransformationTreeBuilder = {
  /** Number of the node that a chain ends at. */
  readonly add: (chain: readonly Transformation[]) => number
  /** Nodes from 0 to the end of a chain. */
  readonly path: (node: number) => readonly number[]
  readonly build: () => TransformationTree
}

export function createTransformationTreeBuilder(): TransformationTreeBuilder {
  const parents = [-1]
  const transformations: (Transformation | null)[] = [null]
  const children: Map<Transformation, number>[] = [new Map()]
  const add = (chain: readonly Transformation[]): number => {
    let node = 0
    for (const transformation of chain) {
      if (transformation.name === 'none') continue
      const siblings = children[node] as Map<Transformation, number>
      let child = siblings.get(transformation)
      if (child === undefined) {
        child = parents.push(node) - 1
        transformations.push(transformation)
        children.push(new Map())
        siblings.set(transformation, child)
      }
      node = child
    }
    return node
  }
  const path = (node: number): readonly number[] => {
    const nodes = [node]
    for (let at = node; at > 0; ) {
      at = parents[at] as number
      nodes.unshift(at)
    }
    return nodes
  }
  return { add, path, build: () => describeTree(parents, transformations) }
}

function describeTree(
  parents: readonly number[],
  transformations: readonly (Transformation | null)[],
): TransformationTree {
  const size = parents.length
  const { bitOf, triggers } = assignTriggers(transformations)
  const triggerBits = new Int32Array(size)
  const isAlways = new Uint8Array(size)
  const pathTriggers = new Int32Array(size)
  const keepsCase = new Uint8Array(size).fill(1)
  const alwaysOnPath: (readonly number[])[] = [[]]
  for (let node = 1; node < size; node += 1) {
    const transformation = transformations[node] as Transformation
    const parent = parents[node] as number
    const bit = bitOf.get(transformation) ?? 0
    const isQuiet = bit !== 0 || isCaseOnly(transformation)
    triggerBits[node] = bit
    isAlways[node] = isQuiet ? 0 : 1
    pathTriggers[node] = (pathTriggers[parent] ?? 0) | bit
    keepsCase[node] = keepsCase[parent] === 1 && (!isQuiet || leavesLetters(transformation)) ? 1 : 0
    const above = alwaysOnPath[parent] as readonly number[]
    alwaysOnPath.push(isQuiet ? above : [...above, node])
  }
  return { size, parents, transformations, triggerBits, isAlways, pathTriggers, keepsCase, alwaysOnPath, triggers }
}

function assignTriggers(transformations: readonly (Transformation | null)[]): {
  readonly bitOf: ReadonlyMap<Transformation, number>
  readonly triggers: TransformationTree['triggers']
} {
  const bitOf = new Map<Transformation, number>()
  const triggers: { id: number; text: string }[] = []
  for (const transformation of new Set(transformations)) {
    if (transformation === null || isCaseOnly(transformation) || !hasUsableTriggers(transformation)) continue
    const id = bitOf.size
    if (id >= maxTriggers) break
    bitOf.set(transformation, 1 << id)
    for (const text of transformation.triggers) triggers.push({ id, text })
  }
  return { bitOf, triggers }
}

const isCaseOnly = (transformation: Described): boolean => transformation.isCaseOnly === true

const hasUsableTriggers = ({ triggers }: Transformation): boolean => triggers.length > 0 && triggers.every(isLowerAscii)

/** Whether an automaton can look for a string. */
export function isLowerAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > 127 || (code >= 65 && code <= 90)) return false
  }
  return text !== ''
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ.abcdefghijklmnopqrstuvwxyz'

/** Tried out, because `triggers` say nothing about case. */
const leavesLetters = (transformation: Transformation): boolean => transformation.apply(letters) === letters
