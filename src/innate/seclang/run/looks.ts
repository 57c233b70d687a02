import type { KeySelector, VariableSelector, VariableTargets } from '../program.ts'
import { knownVariables, rawRequestBody } from '../variables/known-variables.ts'
import { isOverridden } from './overridden.ts'

/** One place a condition looks at, with what it leaves out there. */
export type Look = {
  readonly variable: string
  readonly key: KeySelector
  readonly excluded: readonly KeySelector[]
  readonly isCount: boolean
  /** Before the key in the full name: `ARGS:`; the whole name of a count or of a variable without keys. */
  readonly prefix: string
  readonly hasKeys: boolean
  /** `message`: number of a view; `tx`: one transaction variable by its lower-case key; `own`: all else. */
  readonly from:
    | { readonly kind: 'message'; readonly view: number }
    | { readonly kind: 'tx'; readonly lower: string; readonly key: string }
    | { readonly kind: 'own' }
}

/** Members of one message variable that some conditions look at: the same list for all who select and exclude alike. */
export type ViewPlan = {
  readonly variable: string
  /** XPath of `XML`; `null` for anything else. */
  readonly path: string | null
  readonly key: KeySelector
  readonly excluded: readonly KeySelector[]
  /** View of all members of the variable; its own number when that is what it is. */
  readonly base: number
}

export type ViewTable = {
  readonly views: readonly ViewPlan[]
  readonly looksOf: (targets: VariableTargets, operator: string) => readonly Look[]
}

type LookOptions = { readonly excluded: readonly KeySelector[]; readonly operator: string }

const everything: KeySelector = { kind: 'all' }

/** Collects the views of all conditions of a program. */
export function createViewTable(): ViewTable {
  const views: ViewPlan[] = []
  const numbers = new Map<string, number>()

  const numberOf = (variable: string, key: KeySelector, excluded: readonly KeySelector[]): number => {
    const name = `${variable} ${textOf(key)} ${excluded.map(textOf).sort().join(' ')}`
    const known = numbers.get(name)
    if (known !== undefined) return known
    const path = key.kind === 'path' ? key.path : null
    const isBase = excluded.length === 0 && (key.kind === 'all' || path !== null)
    const own = isBase ? null : numberOf(variable, path === null ? everything : key, [])
    const number = views.push({ variable, path, key, excluded, base: own ?? views.length }) - 1
    numbers.set(name, number)
    return number
  }

  const lookOf = (selector: VariableSelector, { excluded, operator }: LookOptions): Look => {
    const { key, isCount } = selector
    const variable = selector.name.toUpperCase()
    const known = knownVariables.get(variable)
    const hasKeys = known?.kind === 'collection' && key.kind !== 'path'
    const prefix = isCount ? nameOfCount(variable, key) : hasKeys ? `${variable}:` : variable
    const base = { variable, key, excluded, isCount, prefix, hasKeys }
    if (known?.source === 'message' && !isOverridden(variable)) {
      const source = isAboutBytes(operator) && variable === 'REQUEST_BODY' ? rawRequestBody : variable
      return { ...base, from: { kind: 'message', view: numberOf(source, key, isCount ? [] : excluded) } }
    }
    if (
      variable === 'TX' &&
      key.kind === 'key' &&
      !excluded.some((one) => selectsKey(one, key.key, key.key.toLowerCase()))
    ) {
      return { ...base, from: { kind: 'tx', lower: key.key.toLowerCase(), key: key.key } }
    }
    return { ...base, from: { kind: 'own' } }
  }

  return {
    views,
    looksOf: ({ included, excluded }, operator) =>
      included.flatMap((selector) => {
        const concerned = excluded.filter((one) => isSameVariable(one, selector))
        if (concerned.some((one) => isAllOf(one.key, selector.key))) return []
        return [
          lookOf(selector, {
            excluded: concerned.map((one) => one.key).filter((key) => key.kind !== 'path'),
            operator,
          }),
        ]
      }),
  }
}

/**
 * Content of XML is asked for by XPath and not in REQUEST_BODY (version 2); whether its bytes are in order is asked of
 * all bytes that came, whatever the processor (version 3).
 */
const isAboutBytes = (operator: string): boolean => operator.startsWith('validate')

/** How MATCHED_VAR_NAME calls a count: as libmodsecurity does, without the `&`. */
const nameOfCount = (variable: string, key: KeySelector): string =>
  key.kind === 'key' ? `${variable}:${key.key}` : variable

const isSameVariable = (one: VariableSelector, other: VariableSelector): boolean =>
  one.name.toUpperCase() === other.name.toUpperCase() && one.isCount === other.isCount

/** Whether an exclusion takes away all that a selector can select. */
function isAllOf(excluded: KeySelector, included: KeySelector): boolean {
  if (excluded.kind === 'all') return true
  if (excluded.kind === 'path') return included.kind === 'path' && included.path === excluded.path
  return excluded.kind === 'key' && included.kind === 'key' && isSameKey(excluded.key, included.key)
}

const isSameKey = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

function textOf(key: KeySelector): string {
  switch (key.kind) {
    case 'all':
      return '*'
    case 'key':
      return `=${JSON.stringify(key.key.toLowerCase())}`
    case 'pattern':
      return `~${JSON.stringify(key.source)}`
    case 'path':
      return `/${JSON.stringify(key.path)}`
  }
}

/** Whether a selector selects a key; `lower` is the key in lower case. */
export function selectsKey(selector: KeySelector, key: string, lower: string): boolean {
  switch (selector.kind) {
    case 'all':
    case 'path':
      return true
    case 'key':
      return lower.length === selector.key.length && lower === selector.key.toLowerCase()
    case 'pattern':
      return matchesPattern(selector, key)
  }
}

type Pattern = Extract<KeySelector, { kind: 'pattern' }>

/** Keys come again and again; what a pattern said of one is kept for a while. */
const said = new WeakMap<Pattern, Map<string, boolean>>()
const maxSaid = 1_024
const maxSaidLength = 64

function matchesPattern(pattern: Pattern, key: string): boolean {
  if (key.length > maxSaidLength) return pattern.matches(key)
  let answers = said.get(pattern)
  if (answers === undefined) {
    answers = new Map()
    said.set(pattern, answers)
  }
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = pattern.matches(key)
  if (answers.size >= maxSaid) answers.clear()
  answers.set(key, answer)
  return answer
}
