import type { KeySelector } from '../program.ts'
import type { Member } from '../variables/message-variables.ts'
import { type Look, selectsKey } from './looks.ts'
import type { OwnVariables } from './own-variables.ts'
import type { TransactionState } from './transaction-state.ts'

/** What a condition looks at among the variables of the run itself. They change with every rule, so nothing is kept. */
export type OwnLooks = {
  readonly members: (state: TransactionState, look: Look) => readonly Member[]
  /** Of any variable: how many members a look has. */
  readonly count: (state: TransactionState, look: Look) => number
}

const none: readonly Member[] = []

export function createOwnLooks(own: OwnVariables): OwnLooks {
  const members = (state: TransactionState, { variable, key, excluded }: Look): readonly Member[] => {
    if (key.kind === 'key') {
      const value = own.value(state, variable, key.key.toLowerCase())
      return value === undefined || isExcludedKey(excluded, key.key) ? none : [{ key: key.key, value }]
    }
    const all = own.members(state, variable)
    if (key.kind === 'all' && excluded.length === 0) return all
    // Patterns ask for the key as it is: no lower case is made of every variable for each rule.
    return all.filter((one) => selectsKey(key, one.key, '') && !isExcludedKey(excluded, one.key))
  }
  const count = (state: TransactionState, look: Look): number => {
    if (look.from.kind === 'message') return state.views.view(look.from.view, state.work).texts.length
    if (look.from.kind === 'tx') return state.tx.get(look.from.lower) === undefined ? 0 : 1
    return members(state, look).length
  }
  return { members, count }
}

const isExcludedKey = (excluded: readonly KeySelector[], key: string): boolean =>
  excluded.some((selector) => selectsKey(selector, key, key.toLowerCase()))
