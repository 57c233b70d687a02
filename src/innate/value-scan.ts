import type { Subject, Work } from './operators/operator.ts'
import { createPlanFound, type KeywordGroup, type PlannedRule, type RulePlan } from './rule-plan.ts'
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
  work: Work = { spent: 0, limit: Number.POSITIVE_INFINITY },
): ValueScan {
  const { automaton, always, onEncoded } = plan
  const chainCount = plan.chains.length
  const alwaysBits = always.reduce((sum, { bits }) => sum | bits, 0)
  const encodedBits = onEncoded.reduce((sum, { bits }) => sum | bits, 0)
  const found = createPlanFound(plan)
  const forms = createValueForms(plan.chains, work)
  /** Whether a chain changes the value at hand. */
  const changed = new Uint8Array(chainCount)
  const visitFound = createFoundVisits(plan, changed, visit)

  /** Marks the chains that change the value; returns how many do. */
  const markChanged = ({ text, chains }: ScannedValue): number => {
    let count = 0
    for (let chain = 1; chain < chainCount; chain += 1) {
      if (((found.bits[chain >> 5] as number) & (1 << (chain & 31))) === 0) continue
      if ((chains !== null && chains[chain] === 0) || forms.textOf(chain) === text) continue
      changed[chain] = 1
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
      if (found.isEmpty) return
      const count = markChanged(value)
      visitFound(found.bits, bit, unchanged)
      if (count === 0) return
      for (let chain = 1; chain < chainCount; chain += 1) {
        if (changed[chain] === 0 || work.spent > work.limit) continue
        work.spent += text.length
        automaton.scan(forms.textOf(chain), found)
        if (!found.isEmpty) visitFound(found.bits, bit, chain)
      }
      changed.fill(0)
    },
  }
}

/** Stands for all chains that leave the value at hand as it is. */
const unchanged = -1

/** Visits the rules for a place of whose every group a member was found, and that look at the text of one chain. */
type FoundVisits = (found: Int32Array, bit: number, chain: number) => void

function createFoundVisits(plan: RulePlan, changed: Uint8Array, visit: (planned: PlannedRule) => void): FoundVisits {
  const { groups } = plan
  const offset = plan.chains.length
  const firstCount = groups.filter(({ planned, texts }) => planned.rule.keywords[0] === texts).length
  const words = (offset + firstCount + 31) >> 5
  const others = groups.slice(0, firstCount).map(({ planned }) => idsOfOtherGroups(plan, planned, firstCount))
  const masks = new Map<number, Int32Array>()
  let lastBit = 0
  let mask: Int32Array = new Int32Array(words)

  /** First groups of the rules that look at a place. */
  const maskOf = (bit: number): Int32Array => {
    const known = masks.get(bit)
    if (known !== undefined) return known
    const made = new Int32Array(words)
    for (let group = 0; group < firstCount; group += 1) {
      const id = offset + group
      if (((groups[group]?.planned.bits ?? 0) & bit) !== 0) made[id >> 5] = (made[id >> 5] ?? 0) | (1 << (id & 31))
    }
    masks.set(bit, made)
    return made
  }

  const consider = (group: number, found: Int32Array, chain: number): void => {
    for (const id of others[group] as readonly number[]) {
      if (((found[id >> 5] as number) & (1 << (id & 31))) === 0) return
    }
    const { planned } = groups[group] as KeywordGroup
    if (chain === unchanged ? changed[planned.chain] === 0 : planned.chain === chain) visit(planned)
  }

  return (found, bit, chain) => {
    if (bit !== lastBit) {
      mask = maskOf(bit)
      lastBit = bit
    }
    for (let word = 0; word < words; word += 1) {
      let rest = (found[word] as number) & (mask[word] as number)
      while (rest !== 0) {
        const at = 31 - Math.clz32(rest & -rest)
        rest &= rest - 1
        consider((word << 5) + at - offset, found, chain)
      }
    }
  }
}

function idsOfOtherGroups(plan: RulePlan, planned: PlannedRule, firstCount: number): readonly number[] {
  return plan.groups.flatMap((group, index) =>
    index >= firstCount && group.planned === planned ? [plan.chains.length + index] : [],
  )
}
