import { macroSource } from '../parse/macro-text.ts'
import type { Action, Control, NumberRange, OrderedRule, RuleProgram } from '../program.ts'
import type { TransactionState } from './transaction-state.ts'

/** Carries out `ctl`. */
export type ApplyControl = (state: TransactionState, control: Control) => void

/** Which rules a control names depends on the program alone and is worked out once. */
export function createControls(program: RuleProgram): ApplyControl {
  const named = new Map<Control, readonly number[]>()
  for (const rule of program.rules) {
    for (const action of rule.conditions.flatMap((link) => link.actions as readonly Action[])) {
      if (action.kind === 'ctl') named.set(action.control, namedRules(program.rules, action.control))
    }
  }
  return (state, control) => {
    switch (control.kind) {
      case 'ruleEngine':
        state.engine = control.mode
        return
      case 'bodyProcessor':
        state.processor = control.processor
        return
      case 'forceBodyVariable':
        state.isBodyForced = control.isOn
        return
      case 'bodyAccess':
        state.hasRequestBody = control.isOn
        return
      case 'responseBodyAccess':
        state.hasResponseBody = control.isOn
        return
      case 'none':
        return
      case 'removeById':
      case 'removeByTag':
      case 'removeByMessage': {
        const removed = state.removed ?? new Uint8Array(program.rules.length)
        state.removed = removed
        for (const index of named.get(control) ?? []) removed[index] = 1
        return
      }
      case 'removeTargetById':
      case 'removeTargetByTag':
      case 'removeTargetByMessage': {
        const targets = state.removedTargets ?? new Map()
        state.removedTargets = targets
        for (const index of named.get(control) ?? []) {
          const list = targets.get(index)
          if (list === undefined) targets.set(index, [control.target])
          else if (!list.includes(control.target)) list.push(control.target)
        }
      }
    }
  }
}

function namedRules(rules: readonly OrderedRule[], control: Control): readonly number[] {
  const isNamed = namer(control)
  return rules.flatMap((rule, index) => (isNamed(rule) ? [index] : []))
}

function namer(control: Control): (rule: OrderedRule) => boolean {
  switch (control.kind) {
    case 'removeById':
    case 'removeTargetById':
      return (rule) => control.ranges.some((range) => isWithin(range, rule.flow.number))
    case 'removeByTag':
    case 'removeTargetByTag':
      return (rule) => rule.tags.some(control.matches)
    case 'removeByMessage':
    case 'removeTargetByMessage':
      return ({ flow }) => flow.message !== null && control.matches(macroSource(flow.message))
    default:
      return () => false
  }
}

const isWithin = ({ first, last }: NumberRange, number: number): boolean => number >= first && number <= last
