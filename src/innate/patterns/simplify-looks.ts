import { choice, type LookNode, never, nothing, type PatternNode, sequence, withParts } from './pattern-node.ts'
import { besideOther, complement, outside, type Ranges, unite } from './ranges.ts'

/**
 * Turns looks at a single character into places, which an automaton passes without a pass of its own over the text:
 * `(?!x)` holds where another character follows, or none. `lastCode` is the last code a text can have.
 */
export function simplifyLooks(node: PatternNode, lastCode: number): PatternNode {
  const inner = withParts(node, (part) => simplifyLooks(part, lastCode))
  return inner.kind === 'look' ? simplifyLook(inner, lastCode) : inner
}

function simplifyLook(look: LookNode, lastCode: number): PatternNode {
  const part = unwrap(look.part)
  if (part.kind === 'any') {
    const looks = part.parts.map((one) => simplifyLook({ ...look, part: one }, lastCode))
    if (look.isNegated) return sequence(looks)
    if (looks.every((one) => one.kind !== 'look')) return choice(looks)
    return { ...look, part }
  }
  const kind = look.isAhead ? 'after' : 'before'
  if (part.kind === 'set') {
    return { kind, ranges: look.isNegated ? besideOther(part.ranges, lastCode) : part.ranges }
  }
  if (part.kind === 'before' || part.kind === 'after') {
    return look.isNegated ? { kind: part.kind, ranges: otherPlace(part.ranges, lastCode) } : part
  }
  if (part.kind === 'all' && part.parts.length === 0) return look.isNegated ? never : nothing
  return { ...look, part }
}

function otherPlace(ranges: Ranges, lastCode: number): Ranges {
  const inside = complement(ranges, lastCode)
  return ranges.at(-1) === outside ? inside : unite([...inside, outside, outside])
}

/** Without groups around it, which capture nothing outside captures. */
function unwrap(node: PatternNode): PatternNode {
  if (node.kind === 'all' && node.parts.length === 1 && node.parts[0] !== undefined) return unwrap(node.parts[0])
  return node
}
