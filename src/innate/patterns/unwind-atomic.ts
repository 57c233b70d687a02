import { PatternError, refuse } from './pattern-cursor.ts'
import { canBeEmpty, fixedLength, neverFails } from './pattern-length.ts'
import { type AtomicNode, choice, type PatternNode, type RepeatNode, sequence, withParts } from './pattern-node.ts'
import { intersect, type Ranges, unite } from './ranges.ts'

/**
 * Writes atomic groups and possessive quantifiers with looks where that says exactly the same:
 *
 *   (?>A|B)   A or, where no A begins, B
 *   (?>A*)    as many A as there are: A* and no further A
 *   (?>AB)    A, then atomic B, when A can end in one place only or B never fails
 *
 * Refuses the others by name, or (`isLoose`) takes them for ordinary groups, which match wherever atomic ones do and more
 * often. Parts may hold atomic groups themselves.
 */
export function unwindAtomic(node: PatternNode, isLoose = false): PatternNode {
  return unwind(node, 0, isLoose)
}

/** Each level may double what is inside. */
const maxLevels = 6

function unwind(node: PatternNode, level: number, isLoose: boolean): PatternNode {
  if (node.kind !== 'atomic') return withParts(node, (part) => unwind(part, level, isLoose))
  if (level === maxLevels) refuse(`atomic groups nested deeper than ${maxLevels}`, node.offset)
  const part = unwind(node.part, level + 1, isLoose)
  return isLoose ? firstIfPossible(part, node) : first(part, node)
}

function firstIfPossible(part: PatternNode, node: AtomicNode): PatternNode {
  try {
    return first(part, node)
  } catch (error) {
    if (error instanceof PatternError) return part
    throw error
  }
}

/** The part as it matches first, and in no other way. */
function first(node: PatternNode, atomic: AtomicNode): PatternNode {
  if (hasOneEnd(node)) return node
  switch (node.kind) {
    case 'group':
      return { ...node, part: first(node.part, atomic) }
    case 'any':
      return firstChoice(node.parts, atomic)
    case 'repeat':
      return firstRepeat(node, atomic)
    case 'all':
      return firstSequence(node.parts, atomic)
    default:
      return node
  }
}

const absent = (part: PatternNode): PatternNode => ({
  kind: 'look',
  isAhead: true,
  isNegated: true,
  part: withoutGroups(part),
})

/** Each alternative is told with the absence of those before it. */
const maxAlternatives = 100

function firstChoice(parts: readonly PatternNode[], atomic: AtomicNode): PatternNode {
  if (parts.length > maxAlternatives) refuse(`atomic choice of more than ${maxAlternatives}`, atomic.offset)
  const absences = parts.map(absent)
  return choice(parts.map((part, index) => sequence([...absences.slice(0, index), first(part, atomic)])))
}

function firstRepeat(node: RepeatNode, atomic: AtomicNode): PatternNode {
  const { part, min, max, isLazy } = node
  if (max === 1 && min === 1) return first(part, atomic)
  if (isLazy) {
    return hasOneEnd(part) || min <= 1 ? fewest(node, atomic) : give(atomic)
  }
  if ((min > 1 && !hasOneEnd(part)) || canBeEmpty(part)) return give(atomic)
  const one = first(part, atomic)
  const all: RepeatNode = { ...node, part: one }
  if (max === Number.POSITIVE_INFINITY) return sequence([all, absent(part)])
  if (max === min) return all
  return choice([{ ...all, min: max }, sequence([{ ...all, max: max - 1 }, absent(part)])])
}

/** A lazy repeat that nothing follows stops as soon as it may. */
function fewest(node: RepeatNode, atomic: AtomicNode): PatternNode {
  return { ...node, part: first(node.part, atomic), max: node.min }
}

function firstSequence(parts: readonly PatternNode[], atomic: AtomicNode): PatternNode {
  const [head, ...tail] = parts
  if (head === undefined) return sequence([])
  if (tail.length === 0) return first(head, atomic)
  const rest = sequence(tail)
  if (hasOneEnd(head) || neverFails(rest)) return sequence([first(head, atomic), first(rest, atomic)])
  if (endsWhereNextBegins(head, rest)) return sequence([head, first(rest, atomic)])
  return give(atomic)
}

/** Greedy or lazy, `[ \t]*` before a comma has one length for which the comma fits. */
function endsWhereNextBegins(head: PatternNode, rest: PatternNode): boolean {
  if (head.kind === 'group') return endsWhereNextBegins(head.part, rest)
  if (head.kind !== 'repeat' || head.part.kind !== 'set') return false
  const follow = firstSet(rest)
  return follow !== null && intersect(follow, head.part.ranges).length === 0
}

/** The characters that a part can begin with; `null` when it may match without reading. */
function firstSet(node: PatternNode): Ranges | null {
  switch (node.kind) {
    case 'set':
      return node.ranges
    case 'group':
      return firstSet(node.part)
    case 'repeat':
      return node.min === 0 ? null : firstSet(node.part)
    case 'any': {
      const sets = node.parts.map(firstSet)
      return sets.every((set) => set !== null) ? unite(sets.flat()) : null
    }
    case 'all': {
      const reading = node.parts.find((part) => fixedLength(part) !== 0)
      return reading === undefined ? null : firstSet(reading)
    }
    default:
      return null
  }
}

/** Whether, from any one place, the part can end in one place at most. */
function hasOneEnd(node: PatternNode): boolean {
  return fixedLength(node) !== null
}

function withoutGroups(node: PatternNode): PatternNode {
  return node.kind === 'group' ? withoutGroups(node.part) : withParts(node, withoutGroups)
}

function give({ offset }: AtomicNode): never {
  return refuse('atomic group or possessive quantifier that cannot be written as an automaton', offset)
}
