import { type PatternCursor, refuse, take } from './pattern-cursor.ts'
import type { PatternNode } from './pattern-node.ts'

const maxCount = 65_535
/** Places and settings of flags. */
const unrepeatable = /^(?:\^|\$|\\[AGzZbB]|\(\?[imnsxJU^-]*\))/

/** Reads the quantifier behind an atom, if there is one, and repeats the atom. */
export function readQuantifier(cursor: PatternCursor, part: PatternNode, offset: number): PatternNode {
  const wasQuoted = cursor.source.slice(0, offset).endsWith('\\Q')
  if (cursor.isQuoted) return part
  const found = take(cursor, /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})([+?]?)/y)
  if (found === null) return part
  if (!wasQuoted && unrepeatable.test(cursor.source.slice(offset, offset + 16))) refuseTarget(cursor, offset)
  const [min, max] = boundsOf(found)
  if (max < min) refuse('quantifier whose numbers are out of order', offset)
  if (min > maxCount || (max > maxCount && max !== Number.POSITIVE_INFINITY)) {
    refuse(`quantifier above ${maxCount}`, offset)
  }
  const isLazy = (found[5] === '?') !== cursor.flags.isUngreedy && found[5] !== '+'
  // A place that holds goes on to hold however often it is asked.
  const limit = part.kind === 'look' ? Math.min(max, 1) : max
  const node: PatternNode = { kind: 'repeat', part, min: Math.min(min, limit), max: limit, isLazy }
  return found[5] === '+' ? { kind: 'atomic', part: node, offset } : node
}

function boundsOf([, sign, from, comma, to]: RegExpExecArray): readonly [number, number] {
  if (sign === '*') return [0, Number.POSITIVE_INFINITY]
  if (sign === '+') return [1, Number.POSITIVE_INFINITY]
  if (sign === '?') return [0, 1]
  const min = Number(from)
  if (comma === undefined) return [min, min]
  return [min, to === '' ? Number.POSITIVE_INFINITY : Number(to)]
}

function refuseTarget(cursor: PatternCursor, offset: number): never {
  return refuse(`quantifier behind ${cursor.source.slice(offset, offset + 4)}, which cannot be repeated`, offset)
}
