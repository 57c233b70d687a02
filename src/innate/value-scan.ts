import type { Subject, Work } from './operators/operator.ts'
import { createPlanFound, type PlannedRule, type RulePlan } from './rule-plan.ts'
import { createValueForms } from './value-forms.ts'

/** A value and where it stands. */
export type ScannedValue = {
  text: string
  /** Its place, as a bit of `placeBits`. */
  bit: number
  flags: number
  decodeDepth: number
  /** Chains that some rule for this place and name uses; `null` for all. */
  chains: Uint8Array | null
}

/** The value at hand in all its transformed forms, each made at most once. */
export type ValueScan = {
  /** Visits every rule for the place whose keywords occur in the value (as the rule transforms it), or that has none. */
  readonly run: (value: ScannedValue) => void
  /** The value at hand as a chain of transformations leaves it. */
  readonly subjectOf: (chain: number) => Subject
  /** Characters the automaton has read so far. */
  readonly steps: () => number
}

export function createValueScan(
  plan: RulePlan,
  visit: (planned: PlannedRule) => void,
  work: Work = { spent: 0 },
): ValueScan {
  const { automaton, always, onEncoded } = plan
  const chainCount = plan.chains.length
  const alwaysBits = always.reduce((sum, { bits }) => sum | bits, 0)
  const encodedBits = onEncoded.reduce((sum, { bits }) => sum | bits, 0)
  const found = createPlanFound(plan)
  const forms = createValueForms(plan.chains, work)
  const visitFound = createFoundVisits(plan, found.ids, visit)
  /** Whether a chain changes the value at hand. */
  const changed = new Uint8Array(chainCount)

  /** Marks the chains that change the value; returns how many do. */
  const markChanged = ({ text, chains }: ScannedValue): number => {
    let count = 0
    for (let index = 0; index < found.count; index += 1) {
      const id = found.ids[index] as number
      if (id >= chainCount || (chains !== null && chains[id] === 0) || forms.textOf(id) === text) continue
      changed[id] = 1
      count += 1
    }
    return count
  }

  const visitWithoutKeywords = ({ bit, flags, decodeDepth }: ScannedValue): void => {
    if ((alwaysBits & bit) !== 0) for (const planned of always) if ((planned.bits & bit) !== 0) visit(planned)
    if ((flags === 0 && decodeDepth === 0) || (encodedBits & bit) === 0) return
    for (const planned of onEncoded) if ((planned.bits & bit) !== 0) visit(planned)
  }

  return {
    steps: () => found.steps,
    subjectOf: forms.subjectOf,
    run: (value) => {
      const { text, bit } = value
      forms.start(value)
      visitWithoutKeywords(value)
      automaton.scan(text, found)
      if (found.count === 0) return
      const count = markChanged(value)
      visitFound.ofUnchanged(found.count, bit, changed)
      if (count === 0) return
      for (let chain = 1; chain < chainCount; chain += 1) {
        if (changed[chain] === 0) continue
        changed[chain] = 0
        automaton.scan(forms.textOf(chain), found)
        visitFound.ofChain(found.count, bit, chain)
      }
    },
  }
}

type FoundVisits = {
  /** Visits rules all of whose groups the last scan found and whose chain changes nothing. */
  readonly ofUnchanged: (count: number, bit: number, changed: Uint8Array) => void
  /** The same for the rules of one chain. */
  readonly ofChain: (count: number, bit: number, chain: number) => void
}

function createFoundVisits(plan: RulePlan, ids: Int32Array, visit: (planned: PlannedRule) => void): FoundVisits {
  const { rules, groups } = plan
  const chainCount = plan.chains.length
  const ruleOf = Int32Array.from(groups, ({ index }) => index)
  const bitsOf = Int32Array.from(groups, ({ bits }) => bits)
  const chainOf = Uint8Array.from(groups, ({ chain }) => chain)
  const needed = Uint8Array.from(rules, ({ rule }) => rule.keywords.length)
  /** Keyword groups of each rule that the last scan found a member of, by stamp. */
  const groupsFound = new Uint8Array(rules.length)
  const stamps = new Float64Array(rules.length)
  let stamp = 0

  /** Visits the rule of a group when it was the last one that the rule needs. */
  const note = (group: number): void => {
    const index = ruleOf[group] as number
    const count = stamps[index] === stamp ? (groupsFound[index] as number) + 1 : 1
    stamps[index] = stamp
    groupsFound[index] = count
    if (count === needed[index]) visit(groups[group] as PlannedRule)
  }

  return {
    ofUnchanged: (count, bit, changed) => {
      stamp += 1
      for (let index = 0; index < count; index += 1) {
        const group = (ids[index] as number) - chainCount
        if (group < 0 || ((bitsOf[group] as number) & bit) === 0) continue
        if (changed[chainOf[group] as number] === 0) note(group)
      }
    },
    ofChain: (count, bit, chain) => {
      stamp += 1
      for (let index = 0; index < count; index += 1) {
        const group = (ids[index] as number) - chainCount
        if (group < 0 || ((bitsOf[group] as number) & bit) === 0) continue
        if (chainOf[group] === chain) note(group)
      }
    },
  }
}
