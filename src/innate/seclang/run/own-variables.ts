import type { Clock } from '../../../core/clock.ts'
import { macroSource } from '../parse/macro-text.ts'
import type { StoreName } from '../program.ts'
import type { Member } from '../variables/message-variables.ts'
import type { TransactionState } from './transaction-state.ts'
import type { VariableMap } from './variable-map.ts'

/** The ModSecurity version whose behaviour is followed: 3.0.9 as `MODSEC_BUILD` writes it. */
const modsecBuild = '030009100'

/** Variables that the run itself knows: transaction variables, stores, time, what matched. */
export type OwnVariables = {
  /** All members; a variable without keys has one with the key ''. Empty when it is absent. */
  readonly members: (state: TransactionState, name: string) => readonly Member[]
  /** The first value under a key (lower case; `null` for a variable without keys); `undefined` when there is none. */
  readonly value: (state: TransactionState, name: string, lower: string | null) => string | undefined
}

const storeNames: ReadonlyMap<string, StoreName> = new Map([
  ['IP', 'ip'],
  ['GLOBAL', 'global'],
  ['SESSION', 'session'],
  ['USER', 'user'],
  ['RESOURCE', 'resource'],
])

export function createOwnVariables(clock: Clock): OwnVariables {
  const scalar = (state: TransactionState, name: string): string | undefined =>
    scalarOf(state, name) ??
    (name.startsWith('TIME') || name === 'DURATION' ? timeOf(state, name, clock.now()) : undefined)

  const members = (state: TransactionState, name: string): readonly Member[] => {
    const store = storeNames.get(name)
    if (store !== undefined) return (state.stores.get(store)?.entries() ?? []).map(memberOf)
    switch (name) {
      case 'TX':
        return membersOf(state.tx)
      case 'ENV':
        return membersOf(state.env)
      case 'MATCHED_VARS':
        return state.matched.values.map((value, at) => ({ key: state.matched.names[at] ?? '', value }))
      case 'MATCHED_VARS_NAMES':
        return state.matched.names.map((key) => ({ key, value: key }))
      case 'RULE':
        return ruleMembers(state)
      default: {
        const value = scalar(state, name)
        return value === undefined ? [] : [{ key: '', value }]
      }
    }
  }

  const value = (state: TransactionState, name: string, lower: string | null): string | undefined => {
    if (name === 'TX') return lower === null ? undefined : state.tx.get(lower)
    if (name === 'ENV') return lower === null ? undefined : state.env.get(lower)
    const store = storeNames.get(name)
    if (store !== undefined) return lower === null ? undefined : state.stores.get(store)?.get(lower)
    const single = scalar(state, name)
    if (single !== undefined || lower === null) return single ?? members(state, name)[0]?.value
    return members(state, name).find((member) => member.key.toLowerCase() === lower)?.value
  }

  return { members, value }
}

const memberOf = ({ name, value }: { readonly name: string; readonly value: string }): Member => ({ key: name, value })

const membersOf = (map: VariableMap): readonly Member[] => [...map.entries()].map(memberOf)

function scalarOf(state: TransactionState, name: string): string | undefined {
  switch (name) {
    case 'MATCHED_VAR':
      return state.matched.values.at(-1)
    case 'MATCHED_VAR_NAME':
      return state.matched.names.at(-1)
    case 'UNIQUE_ID':
      return state.uniqueId
    case 'REQBODY_PROCESSOR':
      return state.processor ?? state.variables.members(name)[0]?.value
    case 'HIGHEST_SEVERITY':
      return String(state.highestSeverity)
    case 'MODSEC_BUILD':
      return modsecBuild
    case 'SESSIONID':
      return state.stores.get('session')?.key
    case 'USERID':
      return state.stores.get('user')?.key
    default:
      return undefined
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Local time, as the reference has it. */
function timeOf(state: TransactionState, name: string, nowMs: number): string | undefined {
  // In microseconds, as both CRS sampling and ModSecurity since 2.6 have it; the manual still says milliseconds.
  if (name === 'DURATION') return String(Math.max(0, Math.round((nowMs - state.beganAtMs) * 1000)))
  if (name === 'TIME_EPOCH') return String(Math.floor(nowMs / 1000))
  const date = new Date(nowMs)
  switch (name) {
    case 'TIME':
      return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    case 'TIME_DAY':
      return String(date.getDate())
    case 'TIME_HOUR':
      return String(date.getHours())
    case 'TIME_MIN':
      return String(date.getMinutes())
    case 'TIME_MON':
      return String(date.getMonth())
    case 'TIME_SEC':
      return String(date.getSeconds())
    case 'TIME_WDAY':
      return String(date.getDay())
    case 'TIME_YEAR':
      return String(date.getFullYear())
    default:
      return undefined
  }
}

function ruleMembers({ rule }: TransactionState): readonly Member[] {
  if (rule === null) return []
  const { message, logData, severityLevel, revision, version } = rule.flow
  const members = [
    { key: 'id', value: rule.id },
    { key: 'rev', value: revision },
    { key: 'ver', value: version },
    { key: 'severity', value: severityLevel === null ? '' : String(severityLevel) },
    { key: 'msg', value: message === null ? '' : macroSource(message) },
    { key: 'logdata', value: logData === null ? '' : macroSource(logData) },
  ]
  return members.filter(({ value }) => value !== '')
}
