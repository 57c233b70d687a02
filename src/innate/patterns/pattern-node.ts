import type { Ranges } from './ranges.ts'

/**
 * What a pattern says, whichever dialect it was written in. Case and flags are worked into the sets; places such as
 * `^` and `\b` are told by what stands before and after them, where `outside` is the edge of the text.
 */
export type PatternNode =
  /** One character. */
  | { readonly kind: 'set'; readonly ranges: Ranges }
  /** Holds where the character before, or after, is of the set. */
  | { readonly kind: 'before' | 'after'; readonly ranges: Ranges }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'any'; readonly parts: readonly PatternNode[] }
  | RepeatNode
  | { readonly kind: 'group'; readonly number: number; readonly part: PatternNode }
  | LookNode
  | AtomicNode
  /** What a group matched, once more. */
  | { readonly kind: 'reference'; readonly number: number; readonly ignoresCase: boolean }

export type RepeatNode = {
  readonly kind: 'repeat'
  readonly part: PatternNode
  readonly min: number
  readonly max: number
  readonly isLazy: boolean
}

/** Holds where a match of the part begins (`isAhead`) or ends, or does not. */
export type LookNode = {
  readonly kind: 'look'
  readonly part: PatternNode
  readonly isAhead: boolean
  readonly isNegated: boolean
}

/** Matches as its part would on its own, and never otherwise because of what follows. */
export type AtomicNode = { readonly kind: 'atomic'; readonly part: PatternNode; readonly offset: number }

export const nothing: PatternNode = { kind: 'all', parts: [] }
export const never: PatternNode = { kind: 'set', ranges: [] }

export const sequence = (parts: readonly PatternNode[]): PatternNode =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts }

export function choice(parts: readonly PatternNode[]): PatternNode {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', parts }
}

/** The parts of a node. */
export function partsOf(node: PatternNode): readonly PatternNode[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.parts
    case 'repeat':
    case 'group':
    case 'look':
    case 'atomic':
      return [node.part]
    default:
      return []
  }
}

/** The same node around other parts. */
export function withParts(node: PatternNode, change: (part: PatternNode) => PatternNode): PatternNode {
  switch (node.kind) {
    case 'all':
    case 'any':
      return { ...node, parts: node.parts.map(change) }
    case 'repeat':
    case 'group':
    case 'look':
    case 'atomic':
      return { ...node, part: change(node.part) }
    default:
      return node
  }
}

export function someNode(node: PatternNode, test: (node: PatternNode) => boolean): boolean {
  return test(node) || partsOf(node).some((part) => someNode(part, test))
}
