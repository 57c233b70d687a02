import type { PhaseNumber } from '../program.ts'
import { hasCandidates } from './link-trial.ts'
import type { PlannedLink, PlannedPhase, PlannedProgramRule, ProgramPlan } from './program-plan.ts'
import type { ProgramRuleTrial } from './rule-trial.ts'
import { clearMatched, type TransactionState } from './transaction-state.ts'

/** Runs the rules of one phase in their order. */
export function createPhaseRun(
  plan: ProgramPlan,
  trial: ProgramRuleTrial,
): (state: TransactionState, phase: PhaseNumber) => void {
  return (state, phase) => {
    const planned = plan.phases[phase - 1]
    if (planned === undefined || !isDue(state, phase)) return
    runRules(state, planned, trial)
    state.rule = null
  }
}

/** `allow` holds for what its scope says: this phase, those of the request, all but logging. */
function isDue(state: TransactionState, phase: PhaseNumber): boolean {
  if (state.engine === 'off') return false
  if (state.allowed === 'all' && phase !== 5) return false
  if (state.allowed === 'request' && phase <= 2) return false
  state.allowed = 'none'
  return true
}

function runRules(state: TransactionState, { rules, jumps }: PlannedPhase, trial: ProgramRuleTrial): void {
  const { work } = state
  const before = state.interruption
  for (let position = 0; position < rules.length; ) {
    const planned = rules[position] as PlannedProgramRule
    const at = position
    position += 1
    if (state.removed !== null && state.removed[planned.index] === 1) continue
    if (!hasCandidates(state, planned.links[0] as PlannedLink)) {
      clearMatched(state.matched)
      continue
    }
    if (!attempt(state, planned, trial)) continue
    // Read anew after each rule that matched: only those can have changed it.
    if (state.interruption !== before || state.allowed !== 'none' || state.engine === 'off') return
    const { skip, skipAfter } = planned.rule.flow
    if (skipAfter !== null) position = jumps[at] as number
    else if (skip > 0) position += skip
    if (work.spent > work.limit) return
  }
}

/** A defect of an operator concerns its rule alone. */
function attempt(state: TransactionState, planned: PlannedProgramRule, trial: ProgramRuleTrial): boolean {
  if (state.work.spent > state.work.limit) return false
  try {
    return trial.run(state, planned)
  } catch (cause) {
    clearMatched(state.matched)
    state.faults.push({ rule: planned.rule, reason: cause instanceof Error ? cause.message : String(cause) })
    return false
  }
}
