import { BoundedMap } from '../core/bounded-map.ts'
import type { RulePlan } from './rule-plan.ts'
import { placeBits } from './targets.ts'

/** Chains of the rules that look at a header of some name; `null` when none does. */
export type HeaderInterest = (name: string) => Uint8Array | null

const maxNames = 2_000

/** Most headers concern few rules or none; which ones is worked out once per name. */
export function createHeaderInterest(plan: RulePlan): HeaderInterest {
  const known = new BoundedMap<string, { readonly chains: Uint8Array | null }>(maxNames)
  return (name) => {
    const entry = known.peek(name)
    if (entry !== undefined) return entry.chains
    const chains = workOut(plan, name)
    known.set(name, { chains })
    return chains
  }
}

function workOut(plan: RulePlan, name: string): Uint8Array | null {
  const chains = new Uint8Array(plan.chains.length)
  let isAny = false
  for (const { rule, chain } of plan.rules) {
    const { targets } = rule.conditions[0]
    if (targets.counts || !targets.accepts(placeBits.header, name)) continue
    chains[chain] = 1
    isAny = true
  }
  return isAny ? chains : null
}
