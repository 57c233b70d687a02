import { parseMacro } from '../parse/macro-text.ts'
import type { Action, StoreName } from '../program.ts'
import type { Dialect } from './dialect.ts'

const stores: ReadonlyMap<string, StoreName> = new Map(
  (['tx', 'ip', 'global', 'session', 'resource', 'user'] as const).map((name) => [name, name]),
)

const macroOf = (text: string, dialect: Dialect): ReturnType<typeof parseMacro> =>
  parseMacro(text, { isKnown: dialect.isKnownVariable, unknown: 'refuse' })

/** `tx.score=+%{tx.critical}`, `!tx.score`, `tx.flag`. */
export function parseSetvar(text: string, dialect: Dialect): Action {
  const isUnset = text.startsWith('!')
  const { store, key, value } = splitAssignment(isUnset ? text.slice(1) : text)
  const keyMacro = macroOf(key, dialect)
  if (isUnset) return { kind: 'setvar', store, key: keyMacro, change: 'unset', value: '' }
  // Without a value the variable is set to 1.
  if (value === null) return { kind: 'setvar', store, key: keyMacro, change: 'set', value: '1' }
  const change = value.startsWith('+') ? 'add' : value.startsWith('-') ? 'subtract' : 'set'
  return {
    kind: 'setvar',
    store,
    key: keyMacro,
    change,
    value: macroOf(change === 'set' ? value : value.slice(1), dialect),
  }
}

/** `ip.counter=60`: seconds until it is gone. */
export function parseExpirevar(text: string, dialect: Dialect): Action {
  const { store, key, value } = splitAssignment(text)
  const seconds = value ?? ''
  if (!/^\d+$|%\{/.test(seconds)) throw new Error(`expected seconds after ${text}, such as ip.counter=60`)
  return { kind: 'expirevar', store, key: macroOf(key, dialect), seconds: macroOf(seconds, dialect) }
}

/** `ip=%{REMOTE_ADDR}`. */
export function parseInitcol(text: string, dialect: Dialect): Action {
  const equals = text.indexOf('=')
  const store = stores.get(text.slice(0, Math.max(equals, 0)).trim().toLowerCase())
  const key = stripQuotes(text.slice(equals + 1))
  if (equals === -1 || store === undefined || store === 'tx' || key === '') {
    throw new Error(`expected ip=, global=, resource=, session= or user= with a key, found \`${text}\``)
  }
  return { kind: 'bind', store, key: macroOf(key, dialect) }
}

/** `setsid`, `setuid` and `setrsc` name the key alone. */
export function parseBinding(store: StoreName, text: string, dialect: Dialect): Action {
  if (text === '') throw new Error('expected a key')
  return { kind: 'bind', store, key: macroOf(text, dialect) }
}

/** `name=value`. */
export function parseSetenv(text: string, dialect: Dialect): Action {
  const equals = text.indexOf('=')
  if (equals < 1) throw new Error(`expected name=value, found \`${text}\``)
  return {
    kind: 'setvar',
    store: 'env',
    key: macroOf(text.slice(0, equals), dialect),
    change: 'set',
    value: macroOf(stripQuotes(text.slice(equals + 1)), dialect),
  }
}

type Assignment = { readonly store: StoreName; readonly key: string; readonly value: string | null }

function splitAssignment(text: string): Assignment {
  const name = /^\s*([A-Za-z]+)[.:]/.exec(text)
  const store = stores.get((name?.[1] ?? '').toLowerCase())
  if (name === null || store === undefined) {
    throw new Error(`expected a variable of ${[...stores.keys()].join(', ')}, found \`${text}\``)
  }
  const rest = text.slice(name[0].length)
  const equals = indexOfEquals(rest)
  const key = (equals === -1 ? rest : rest.slice(0, equals)).trim()
  if (key === '') throw new Error(`expected a name after ${name[0].trim()}, found \`${text}\``)
  return { store, key, value: equals === -1 ? null : rest.slice(equals + 1).trimStart() }
}

/** The first = outside of a macro. */
function indexOfEquals(text: string): number {
  let at = 0
  for (;;) {
    const equals = text.indexOf('=', at)
    const macro = text.indexOf('%{', at)
    if (equals === -1 || macro === -1 || equals < macro) return equals
    const end = text.indexOf('}', macro)
    if (end === -1) return equals
    at = end + 1
  }
}

/** `ip='127.0.0.1'`: quotes within a value that is not quoted as a whole. */
const stripQuotes = (text: string): string =>
  text.length > 1 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text
