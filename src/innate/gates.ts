import type { Subject, Work } from './operators/operator.ts'
import { createTextMatcher, type Matcher } from './patterns/text-pattern.ts'
import type { Rule } from './rule.ts'

/**
 * Several patterns as one: where it says no, none of them matches, in one reading of the text instead of one each. For
 * patterns whose keywords are single characters, which ordinary text is full of.
 */
export type Gate = { readonly index: number; readonly matches: Matcher }

/** More patterns at once have more states than pay. */
const maxMembers = 6
/** Cells of the table of one gate: half a megabyte when all are used. */
const maxCells = 131_072
const shortKeyword = 3

export type GateCandidate = { readonly rule: Rule; readonly chain: number }

/** Gates for those rules that profit; every member belongs to one gate and shares its chain of transformations. */
export function planGates<C extends GateCandidate>(candidates: readonly C[]): ReadonlyMap<C, Gate> {
  const byChain = new Map<number, C[]>()
  for (const candidate of candidates) {
    if (!isWeak(candidate.rule)) continue
    byChain.set(candidate.chain, [...(byChain.get(candidate.chain) ?? []), candidate])
  }
  const gates = new Map<C, Gate>()
  let index = 0
  for (const members of byChain.values()) {
    for (let from = 0; from + 1 < members.length; from += maxMembers) {
      const some = members.slice(from, from + maxMembers)
      const matches = createTextMatcher(some.map(({ rule }) => `(?:${patternOf(rule)})`).join('|'), maxCells)
      if (matches === null) continue
      for (const member of some) gates.set(member, { index, matches })
      index += 1
    }
  }
  return gates
}

const patternOf = (rule: Rule): string | undefined => rule.conditions[0].operator.pattern

function isWeak(rule: Rule): boolean {
  const [leading] = rule.conditions
  if (leading.isNegated || rule.keywords.length === 0 || patternOf(rule) === undefined) return false
  return !rule.keywords.some((group) => group.every((text) => text.length >= shortKeyword))
}

/** Asks each gate at most once about a value, when the first of its rules wants to know. */
export type GateKeeper = {
  readonly nextValue: () => void
  readonly isOpen: (gate: Gate, subject: Subject) => boolean
}

export function createGateKeeper(gates: readonly (Gate | null)[], work: Work): GateKeeper {
  const count = gates.reduce((most, gate) => Math.max(most, (gate?.index ?? -1) + 1), 0)
  const askedOf = new Float64Array(count)
  const answers = new Uint8Array(count)
  let value = 1
  return {
    nextValue: () => {
      value += 1
    },
    isOpen: ({ index, matches }, subject) => {
      if (askedOf[index] !== value) {
        askedOf[index] = value
        work.spent += subject.text.length
        answers[index] = matches(subject.lower, work) ? 1 : 0
      }
      return answers[index] === 1
    },
  }
}
