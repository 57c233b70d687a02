import { type Automaton, createAutomaton, createFound, type Found } from '../../automaton.ts'
import { isLowerAscii } from './transformation-tree.ts'

/** Triggers of transformations have the ids below this one. */
const firstGroupId = 32

/** A condition that only matches texts which hold a member of each of its groups of literals. */
export type LiteralCondition = { readonly condition: number; readonly literals: readonly (readonly string[])[] }

/** One automaton that finds the triggers of transformations and the literals of conditions. */
export type CandidateIndex = {
  readonly automaton: Automaton
  readonly createFound: () => Found
  /** Calls back for each condition all of whose groups were found. */
  readonly visit: (found: Found, callback: (condition: number) => void) => void
}

/** The groups of an operator that an automaton can look for. */
export const usableGroups = (literals: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  literals.filter((group) => group.length > 0 && group.every(isLowerAscii))

export function createCandidateIndex(
  conditions: readonly LiteralCondition[],
  triggers: readonly { readonly id: number; readonly text: string }[],
): CandidateIndex {
  const ids = new Map<string, number>()
  const entries = [...triggers]
  const idOf = (group: readonly string[]): number => {
    const key = [...new Set(group)].sort().join('\n')
    const known = ids.get(key)
    if (known !== undefined) return known
    const id = firstGroupId + ids.size
    ids.set(key, id)
    for (const text of new Set(group)) entries.push({ id, text })
    return id
  }
  const needs = conditions.map(({ condition, literals }) => ({ condition, groups: literals.map(idOf) }))
  const automaton = createAutomaton(entries)
  const leading = leadingGroups(needs, firstGroupId + ids.size)
  return {
    automaton,
    createFound: () => createFound(firstGroupId + ids.size),
    visit: (found, callback) => visitFound(found, leading, callback),
  }
}

type Need = { readonly condition: number; readonly groups: readonly number[] }

type LeadingGroups = {
  /** Conditions by the id of their first group. */
  readonly needs: readonly (readonly Need[])[]
  /** Ids that are the first group of a condition, as bits. */
  readonly mask: Int32Array
}

function leadingGroups(needs: readonly Need[], idCount: number): LeadingGroups {
  const byGroup: Need[][] = Array.from({ length: idCount }, () => [])
  const mask = new Int32Array((idCount + 31) >> 5)
  for (const need of needs) {
    const first = need.groups[0] ?? 0
    byGroup[first]?.push(need)
    mask[first >> 5] = (mask[first >> 5] ?? 0) | (1 << (first & 31))
  }
  return { needs: byGroup, mask }
}

function visitFound(found: Found, { needs, mask }: LeadingGroups, callback: (condition: number) => void): void {
  const { bits } = found
  for (let word = 1; word < mask.length; word += 1) {
    let rest = (bits[word] as number) & (mask[word] as number)
    while (rest !== 0) {
      const at = 31 - Math.clz32(rest & -rest)
      rest &= rest - 1
      for (const { condition, groups } of needs[(word << 5) + at] as readonly Need[]) {
        if (groups.length === 1 || hasAll(bits, groups)) callback(condition)
      }
    }
  }
}

function hasAll(bits: Int32Array, ids: readonly number[]): boolean {
  for (let index = 0; index < ids.length; index += 1) {
    const id = ids[index] as number
    if (((bits[id >> 5] as number) & (1 << (id & 31))) === 0) return false
  }
  return true
}
