import type { PatternNode } from './pattern-node.ts'

/** Length of all that a part matches; `null` when there are several. */
export function fixedLength(node: PatternNode): number | null {
  switch (node.kind) {
    case 'set':
      return 1
    case 'before':
    case 'after':
    case 'look':
      return 0
    case 'group':
    case 'atomic':
      return fixedLength(node.part)
    case 'repeat': {
      const length = fixedLength(node.part)
      return node.min === node.max && length !== null ? length * node.min : length === 0 ? 0 : null
    }
    case 'all': {
      let sum = 0
      for (const part of node.parts) {
        const length = fixedLength(part)
        if (length === null) return null
        sum += length
      }
      return sum
    }
    case 'any': {
      const [length = null, ...others] = node.parts.map(fixedLength)
      return others.every((other) => other === length) ? length : null
    }
    case 'reference':
      return null
  }
}

/** Whether a part may match without reading. */
export function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.part)
    case 'group':
    case 'atomic':
      return canBeEmpty(node.part)
    case 'all':
      return node.parts.every(canBeEmpty)
    case 'any':
      return node.parts.some(canBeEmpty)
    default:
      return true
  }
}

/** Matches everywhere, if only the empty text. */
export function neverFails(node: PatternNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return node.min === 0 || neverFails(node.part)
    case 'group':
      return neverFails(node.part)
    case 'all':
      return node.parts.every(neverFails)
    case 'any':
      return node.parts.some(neverFails)
    default:
      return false
  }
}
