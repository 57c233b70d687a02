import type { Action } from '../program.ts'
import type { ApplyControl } from './controls.ts'
import type { ExpandMacro } from './macro-expansion.ts'
import type { PersistentStores } from './persistent-stores.ts'
import type { TransactionState } from './transaction-state.ts'
import { wholeNumber } from './whole-number.ts'

type SetVariable = Extract<Action, { kind: 'setvar' }>
type Bind = Extract<Action, { kind: 'bind' }>

/** Carries out what rules do besides stopping a message. */
export type Actions = {
  readonly setVariable: (state: TransactionState, action: SetVariable) => void
  readonly bind: (state: TransactionState, action: Bind) => void
  readonly run: (state: TransactionState, action: Action) => void
}

export type ActionParts = {
  readonly expand: ExpandMacro
  readonly control: ApplyControl
  readonly stores: PersistentStores
}

/** What setvar writes to: the same few verbs for transaction variables and for stores. */
type Target = {
  readonly get: (lower: string) => string | undefined
  readonly set: (name: string, value: string, lower?: string) => void
  readonly delete: (lower: string) => void
}

export function createActions({ expand, control, stores }: ActionParts): Actions {
  /** Of names that rules write out; those with macros come and go. */
  const names = new Map<string, string>()
  const lowerOf = (name: string, isFixed: boolean): string => {
    if (!isFixed) return name.toLowerCase()
    const known = names.get(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    names.set(name, lower)
    return lower
  }

  const setVariable = (state: TransactionState, action: SetVariable): void => {
    const target = targetOf(state, action.store)
    if (target === undefined) return
    const name = expand(state, action.key)
    const lower = lowerOf(name, typeof action.key === 'string')
    if (action.change === 'unset') {
      target.delete(lower)
      return
    }
    const value = expand(state, action.value)
    if (action.change === 'set') {
      target.set(name, value, lower)
      return
    }
    const before = wholeNumber(target.get(lower) ?? '')
    const step = wholeNumber(value)
    // 32 bits, as in the reference.
    target.set(name, String((action.change === 'add' ? before + step : before - step) | 0), lower)
  }

  const bind = (state: TransactionState, { store, key }: Bind): void => {
    // An empty key names nobody; the first binding of a transaction holds.
    const name = expand(state, key)
    if (name !== '' && !state.stores.has(store)) state.stores.set(store, stores.bind(store, name))
  }

  const run = (state: TransactionState, action: Action): void => {
    if (action.kind === 'setvar') setVariable(state, action)
    else if (action.kind === 'bind') bind(state, action)
    else if (action.kind === 'ctl') control(state, action.control)
    else {
      const seconds = Math.max(0, wholeNumber(expand(state, action.seconds)))
      state.stores.get(action.store)?.expire(expand(state, action.key).toLowerCase(), seconds)
    }
  }
  return { setVariable, bind, run }
}

/** A store that nobody bound takes nothing. */
function targetOf(state: TransactionState, store: SetVariable['store']): Target | undefined {
  if (store === 'tx') return state.tx
  return store === 'env' ? state.env : state.stores.get(store)
}
