import type { Actions } from './actions.ts'
import type { Judge } from './judge.ts'
import type { PlannedLink, PlannedProgramRule } from './program-plan.ts'
import type { ReadText } from './read-text.ts'
import { noteMatched, type TransactionState } from './transaction-state.ts'

/** The last value that matched, and the link it matched. */
export type LastMatch = { variable: string; value: string; planned: PlannedLink | null }

/** Where the trial of a link stands. */
export type Standing = {
  readonly state: TransactionState
  readonly rule: PlannedProgramRule
  readonly planned: PlannedLink
  hasMatched: boolean
}

export type MatchReport = {
  /** Notes a value that matched and does what the link does for it; `read` is what the text was made of, if known. */
  readonly report: (standing: Standing, variable: string, text: string, read?: ReadText) => void
  /** The same for a SecAction, which looks at nothing. */
  readonly reportAction: (standing: Standing) => void
  readonly last: LastMatch
}

export type MatchReportParts = {
  readonly judge: Judge
  readonly actions: Actions
  /** Called after each match, before the next value is looked at. */
  readonly onMatch: (state: TransactionState, rule: PlannedProgramRule, planned: PlannedLink) => void
}

export function createMatchReport({ judge, actions, onMatch }: MatchReportParts): MatchReport {
  const last: LastMatch = { variable: '', value: '', planned: null }

  const doActions = (standing: Standing): void => {
    const { state, rule, planned } = standing
    if (!standing.hasMatched) for (const action of planned.binds) actions.bind(state, action)
    standing.hasMatched = true
    for (const action of planned.setvars) actions.setVariable(state, action)
    onMatch(state, rule, planned)
  }

  const keep = (variable: string, value: string, planned: PlannedLink): void => {
    last.variable = variable
    last.value = value
    last.planned = planned
  }

  return {
    last,
    reportAction: (standing) => {
      keep('', '', standing.planned)
      doActions(standing)
    },
    report: (standing, variable, text, read) => {
      const { state, planned } = standing
      const { isNegated, hasCapture } = planned.link
      if (hasCapture && !isNegated) capture(state, judge.groups(state, planned, text, read))
      keep(variable, text, planned)
      noteMatched(state.matched, variable, text)
      doActions(standing)
    },
  }
}

const places = Array.from({ length: 10 }, (_, group) => String(group))

/**
 * Ten places. Those after the last group that took part are emptied, so that none keeps what an earlier rule captured:
 * as in ModSecurity 2 and the manual; libmodsecurity leaves them as they were.
 */
function capture(state: TransactionState, groups: readonly string[]): void {
  const count = groups.findLastIndex((group) => group !== '') + 1
  if (groups.length === 0) return
  for (let group = 0; group < places.length; group += 1) {
    const name = places[group] as string
    if (group > 0 && group >= count) state.tx.delete(name)
    else state.tx.set(name, groups[group] ?? '', name)
  }
}
