import { compilePcre } from '../../patterns/compile-pcre.ts'
import type { Macro, MacroPart } from '../macro.ts'
import { knownVariables } from '../variables/known-variables.ts'
import type { Member } from '../variables/message-variables.ts'
import { isOverridden } from './overridden.ts'
import type { OwnVariables } from './own-variables.ts'
import type { TransactionState } from './transaction-state.ts'
import { maxValueLength } from './variable-map.ts'

/** Fills in a macro; what is not there becomes nothing, as in libmodsecurity. At most `maxValueLength` characters. */
export type ExpandMacro = (state: TransactionState, macro: Macro) => string

type Place = Exclude<MacroPart, string>
type Resolve = (state: TransactionState) => string

export function createMacroExpansion(own: OwnVariables): ExpandMacro {
  /** Macros belong to the program, so that there are only so many. */
  const compiled = new WeakMap<readonly MacroPart[], readonly Resolve[]>()
  const compile = (macro: readonly MacroPart[]): readonly Resolve[] => {
    const made = macro.map((part): Resolve => (typeof part === 'string' ? () => part : compilePlace(part, own)))
    compiled.set(macro, made)
    return made
  }
  return (state, macro) => {
    if (typeof macro === 'string') return macro
    const resolvers = compiled.get(macro) ?? compile(macro)
    let text = ''
    for (const resolve of resolvers) text += resolve(state)
    return text.length > maxValueLength ? text.slice(0, maxValueLength) : text
  }
}

function compilePlace({ collection, key }: Place, own: OwnVariables): Resolve {
  const name = collection.toUpperCase()
  const lower = key === null ? null : key.toLowerCase()
  const byPattern = key === null ? null : compileKeyPattern(key)
  if (byPattern !== null) return (state) => membersOf(state, name, own).find((one) => byPattern(one.key))?.value ?? ''
  if (name === 'TX' && lower !== null) return (state) => state.tx.get(lower) ?? ''
  const isOwn = knownVariables.get(name)?.source !== 'message' || isOverridden(name)
  if (isOwn) return (state) => own.value(state, name, lower) ?? ''
  if (name === 'XML') return (state) => state.variables.xml(key ?? '/*')[0]?.value ?? ''
  return (state) => {
    const members = state.variables.members(name)
    const member = lower === null ? members[0] : members.find((one) => one.key.toLowerCase() === lower)
    return member?.value ?? ''
  }
}

const membersOf = (state: TransactionState, name: string, own: OwnVariables): readonly Member[] =>
  knownVariables.get(name)?.source === 'message' && !isOverridden(name)
    ? state.variables.members(name)
    : own.members(state, name)

/** `%{TX:/^seen_/}`: the first variable whose name the pattern matches. */
function compileKeyPattern(key: string): ((name: string) => boolean) | null {
  const source = /^\/(.+)\/$/s.exec(key)?.[1]
  if (source === undefined) return null
  try {
    const pattern = compilePcre(source, { ignoreCase: true })
    return (name) => pattern.test(name)
  } catch {
    // What is no pattern is a name like any other.
    return null
  }
}
