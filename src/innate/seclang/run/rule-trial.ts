import type { Span } from '../../operators/operator.ts'
import type { Disruption } from '../program.ts'
import type { Actions } from './actions.ts'
import type { Judge } from './judge.ts'
import type { LinkTrial } from './link-trial.ts'
import type { ExpandMacro } from './macro-expansion.ts'
import type { LastMatch } from './match-report.ts'
import type { PlannedLink, PlannedProgramRule } from './program-plan.ts'
import type { Interruption } from './transaction.ts'
import { clearMatched, type TransactionState } from './transaction-state.ts'

/** What a rule says of itself once its first link has matched: filled in then, as the last value that matched left it. */
export type Told = { message: string; logData: string }

export type ProgramRuleTrial = {
  /** Runs a rule with its chain; true when all of it matched. */
  readonly run: (state: TransactionState, rule: PlannedProgramRule) => boolean
  /** Rules matched since the start, by their place in the program. */
  readonly hits: Float64Array
}

const nowhere: Span = { start: 0, end: 0 }

export type ProgramRuleTrialParts = {
  readonly tryLink: LinkTrial
  readonly last: LastMatch
  readonly judge: Judge
  readonly actions: Actions
  readonly expand: ExpandMacro
  readonly told: Told
  readonly ruleCount: number
}

export function createProgramRuleTrial({
  tryLink,
  last,
  judge,
  actions,
  expand,
  told,
  ruleCount,
}: ProgramRuleTrialParts): ProgramRuleTrial {
  const hits = new Float64Array(ruleCount)
  let firstVariable = ''

  /** Runs the links from a position on; what a link does comes after those that follow it have matched. */
  const runFrom = (state: TransactionState, rule: PlannedProgramRule, position: number): boolean => {
    const planned = rule.links[position] as PlannedLink
    if (!tryLink(state, rule, planned)) {
      clearMatched(state.matched)
      return false
    }
    if (position === 0) firstVariable = last.variable
    if (position + 1 < rule.links.length && !runFrom(state, rule, position + 1)) return false
    for (const action of planned.others) actions.run(state, action)
    return true
  }

  const run = (state: TransactionState, planned: PlannedProgramRule): boolean => {
    const { rule, index } = planned
    state.rule = rule
    told.message = ''
    told.logData = ''
    if (!runFrom(state, planned, 0)) return false
    hits[index] = (hits[index] as number) + 1
    conclude(state, planned)
    return true
  }

  const conclude = (state: TransactionState, { rule }: PlannedProgramRule): void => {
    const { flow } = rule
    if (flow.severityLevel !== null) state.highestSeverity = Math.min(state.highestSeverity, flow.severityLevel)
    const interruption = flow.phase === 5 ? null : interruptionOf(state, rule.id, flow.disruption)
    const { variable, value } = last
    state.matches.push({
      rule,
      phase: flow.phase,
      message: told.message,
      logData: told.logData,
      variable,
      firstVariable,
      value,
      span: flow.isLogged ? spanOf(state) : nowhere,
      isLogged: flow.isLogged,
      isDisruptive: interruption !== null,
    })
    if (interruption !== null) state.interruption = interruption
  }

  /** Only worked out for what people get to see. */
  const spanOf = (state: TransactionState): Span => {
    const { planned, value } = last
    if (planned === null || planned.isAction || planned.link.isNegated) return nowhere
    return planned.link.operator.locate(judge.subjectOf(state, value))
  }

  const interruptionOf = (state: TransactionState, ruleId: string, disruption: Disruption): Interruption | null => {
    if (state.engine !== 'on') return null
    const base = { ruleId, phase: state.rule?.flow.phase ?? 1 } as const
    switch (disruption.kind) {
      case 'pass':
        return null
      case 'allow':
        state.allowed = disruption.scope
        return null
      case 'deny':
        return { ...base, kind: 'deny', status: disruption.status }
      case 'drop':
        return { ...base, kind: 'drop' }
      case 'redirect':
        return { ...base, kind: 'redirect', status: disruption.status, location: expand(state, disruption.location) }
    }
  }

  return { run, hits }
}
