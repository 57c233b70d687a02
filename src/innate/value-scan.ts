import type { Subject } from './operators/operator.ts'
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

export function createValueScan(plan: RulePlan, visit: (planned: PlannedRule) => void): ValueScan {
  const { automaton, always, groups, onEncoded } = plan
  const chainCount = plan.chains.length
  const found = createPlanFound(plan)
  const forms = createValueForms(plan.chains)
  /** Chains that change the value at hand, by stamp. */
  const changed = new Float64Array(chainCount)
  let stamp = 0

  /** Marks the chains that change the value; returns how many do. */
  const markChanged = ({ text, chains }: ScannedValue): number => {
    let count = 0
    for (let index = 0; index < found.count; index += 1) {
      const id = found.ids[index] as number
      if (id >= chainCount || (chains !== null && chains[id] === 0) || forms.textOf(id) === text) continue
      changed[id] = stamp
      count += 1
    }
    return count
  }

  /** Keyword groups of each rule that the last scan found a member of, by stamp. */
  const groupsFound = new Uint8Array(plan.rules.length)
  const groupStamps = new Float64Array(plan.rules.length)
  let groupStamp = 0

  /** Whether the group just found was the last one that its rule needs. */
  const isComplete = ({ rule, index }: PlannedRule): boolean => {
    const count = groupStamps[index] === groupStamp ? (groupsFound[index] as number) + 1 : 1
    groupStamps[index] = groupStamp
    groupsFound[index] = count
    return count === rule.keywords.length
  }

  /** Rules all of whose groups the last scan found: those of one chain, or (-1) of all chains that change nothing. */
  const visitFound = (bit: number, chain: number): void => {
    groupStamp += 1
    for (let index = 0; index < found.count; index += 1) {
      const id = found.ids[index] as number
      if (id < chainCount) continue
      const planned = groups[id - chainCount] as PlannedRule
      if ((planned.bits & bit) === 0) continue
      if (chain === -1 ? changed[planned.chain] === stamp : planned.chain !== chain) continue
      if (isComplete(planned)) visit(planned)
    }
  }

  const visitWithoutKeywords = ({ bit, flags, decodeDepth }: ScannedValue): void => {
    for (const planned of always) if ((planned.bits & bit) !== 0) visit(planned)
    if (flags === 0 && decodeDepth === 0) return
    for (const planned of onEncoded) if ((planned.bits & bit) !== 0) visit(planned)
  }

  return {
    steps: () => found.steps,
    subjectOf: forms.subjectOf,
    run: (value) => {
      stamp += 1
      forms.start(value)
      visitWithoutKeywords(value)
      automaton.scan(value.text, found)
      if (found.count === 0) return
      const count = markChanged(value)
      visitFound(value.bit, -1)
      if (count === 0) return
      for (let chain = 1; chain < chainCount; chain += 1) {
        if (changed[chain] !== stamp) continue
        automaton.scan(forms.textOf(chain), found)
        visitFound(value.bit, chain)
      }
    },
  }
}
