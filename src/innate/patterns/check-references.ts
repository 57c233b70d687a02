import { refuse } from './pattern-cursor.ts'
import { type PatternNode, partsOf, someNode } from './pattern-node.ts'

export const hasReference = (node: PatternNode): boolean => someNode(node, ({ kind }) => kind === 'reference')

/** Refuses references that cannot be followed: into or out of atomic groups, into looks, from looks behind. */
export function checkReferences(tree: PatternNode): void {
  if (!hasReference(tree)) return
  walk(tree, [], (group) => {
    if (group.kind !== 'group') return
    const isOwn = someNode(group.part, (node) => node.kind === 'reference' && node.number === group.number)
    if (isOwn) refuse(`reference to group ${group.number} from inside it`, 0)
  })
  const homes = new Map<number, readonly PatternNode[]>()
  walk(tree, [], (node, around) => {
    if (node.kind === 'group') homes.set(node.number, around)
  })
  walk(tree, [], (node, around) => {
    if (node.kind !== 'reference') return
    const home = homes.get(node.number) ?? []
    if (home.some(({ kind }) => kind === 'atomic')) refuse(`reference to group ${node.number} in an atomic group`, 0)
    if (home.some((look) => !around.includes(look)))
      refuse(`reference to group ${node.number} from outside its look`, 0)
    if (around.some((look) => look.kind === 'look' && !look.isAhead)) refuse('reference in a look behind', 0)
  })
}

/** Visits all nodes with the looks and atomic groups around them. */
function walk(
  node: PatternNode,
  around: readonly PatternNode[],
  visit: (node: PatternNode, around: readonly PatternNode[]) => void,
): void {
  visit(node, around)
  const inner = node.kind === 'look' || node.kind === 'atomic' ? [...around, node] : around
  for (const part of partsOf(node)) walk(part, inner, visit)
}

/** Numbers of the groups that are referred to. */
export function referredGroups(tree: PatternNode): readonly number[] {
  const numbers = new Set<number>()
  walk(tree, [], (node) => {
    if (node.kind === 'reference') numbers.add(node.number)
  })
  return [...numbers]
}
