import type { VariableSelector } from '../program.ts'
import { type Look, selectsKey } from './looks.ts'
import type { PlannedLink, PlannedProgramRule } from './program-plan.ts'
import type { TransactionState } from './transaction-state.ts'

/** Targets that ctl took out of a rule, which means of its first link, as only that one has an id and tags. */
export const removedFrom = (
  { removedTargets }: TransactionState,
  rule: PlannedProgramRule,
  planned: PlannedLink,
): readonly VariableSelector[] | null =>
  removedTargets === null || planned !== rule.links[0] ? null : (removedTargets.get(rule.index) ?? null)

/** Whether a member that a look selects is among them. A target without a key takes out all members. */
export function isRemoved(removed: readonly VariableSelector[], { variable, key: own }: Look, key: string): boolean {
  const lower = key.toLowerCase()
  return removed.some(({ name, isCount, key: selector }) => {
    if (isCount || name.toUpperCase() !== variable) return false
    if (selector.kind === 'path') return own.kind === 'path' && own.path === selector.path
    return selectsKey(selector, key, lower)
  })
}

export const isCountRemoved = (removed: readonly VariableSelector[], { variable }: Look): boolean =>
  removed.some(({ name, isCount }) => isCount && name.toUpperCase() === variable)
