import { choice, nothing, type PatternNode, partsOf, withParts } from './pattern-node.ts'
import { anyByte, foldCase } from './ranges.ts'

const anyText: PatternNode = {
  kind: 'repeat',
  part: { kind: 'set', ranges: anyByte },
  min: 0,
  max: Number.POSITIVE_INFINITY,
  isLazy: false,
}

/**
 * A plain pattern that matches wherever the given one does, and perhaps elsewhere: without its looks, and with what a
 * group can be in place of what it was.
 */
export function relax(tree: PatternNode): PatternNode {
  const groups = new Map<number, PatternNode[]>()
  collectGroups(tree, groups)
  const plain = (node: PatternNode): PatternNode => {
    if (node.kind === 'look') return nothing
    if (node.kind === 'group' || node.kind === 'atomic') return plain(node.part)
    if (node.kind === 'reference') return choice((groups.get(node.number) ?? []).map(textOf))
    return withParts(node, plain)
  }
  return plain(tree)
}

/** What a part can be elsewhere, where its places need not hold and case may not count. */
function textOf(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'before':
    case 'after':
    case 'look':
      return nothing
    case 'reference':
      return anyText
    case 'group':
    case 'atomic':
      return textOf(node.part)
    case 'set':
      return { ...node, ranges: foldCase(node.ranges) }
    default:
      return withParts(node, textOf)
  }
}

function collectGroups(node: PatternNode, groups: Map<number, PatternNode[]>): void {
  if (node.kind === 'group') groups.set(node.number, [...(groups.get(node.number) ?? []), node.part])
  for (const part of partsOf(node)) collectGroups(part, groups)
}
