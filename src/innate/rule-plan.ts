import { type Automaton, createAutomaton, createFound, type Entry, type Found } from './automaton.ts'
import { type Gate, planGates } from './gates.ts'
import type { Rule } from './rule.ts'
import type { Transformation } from './transformations/transformation.ts'

/** A rule as the inspector runs it. */
export type PlannedRule = {
  readonly rule: Rule
  readonly index: number
  /** Number of the transformation chain of each condition. */
  readonly chains: readonly number[]
  /** That of the leading condition. */
  readonly chain: number
  /** Places where the leading condition looks. */
  readonly bits: number
  /** Whether all conditions are about the very value that the leading one is asked of. */
  readonly isAboutOneValue: boolean
  /** Stands before the leading condition together with those of other rules. */
  readonly gate: Gate | null
}

/** Transformations that rules share: applied once per value, and only when one of their triggers occurs. */
export type Chain = { readonly transformations: readonly Transformation[] }

/** A group of keywords: a rule may hold once a member of each of its groups occurs. */
export type KeywordGroup = { readonly planned: PlannedRule; readonly texts: readonly string[] }

/**
 * Which rules a value has to be shown to. Ids of the automaton: `0..chains-1` say that a chain may change the text,
 * `chains + g` that a member of keyword group `g` occurs. The first group of every rule comes before all second ones.
 */
export type RulePlan = {
  /** The first one changes nothing. */
  readonly chains: readonly Chain[]
  readonly rules: readonly PlannedRule[]
  /** Rules without keywords. */
  readonly always: readonly PlannedRule[]
  /** Rules without keywords that concern only values that were encoded or flagged. */
  readonly onEncoded: readonly PlannedRule[]
  /** Rules about how many fields there are. */
  readonly counting: readonly PlannedRule[]
  readonly automaton: Automaton
  readonly groups: readonly KeywordGroup[]
  /** Places that any rule looks at. */
  readonly bits: number
}

export function planRules(rules: readonly Rule[]): RulePlan {
  const numbers = new Map<string, number>([['', 0]])
  const chains: Chain[] = [{ transformations: [] }]
  const chainOf = (transformations: readonly Transformation[]): number => {
    const key = transformations.map((one) => one.name).join('>')
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, chains.length)
    return chains.push({ transformations }) - 1
  }
  const ungated = byPhase(rules).map((rule, index) => {
    const own = rule.conditions.map((condition) => chainOf(condition.transformations))
    const isAboutOneValue = rule.conditions.every((condition, position) => position === 0 || condition.isSameValue)
    return { rule, index, chains: own, chain: own[0] ?? 0, bits: rule.conditions[0].targets.bits, isAboutOneValue }
  })
  const gates = planGates(ungated)
  const planned = ungated.map((one): PlannedRule => ({ ...one, gate: gates.get(one) ?? null }))
  const isCounting = ({ rule }: PlannedRule): boolean => rule.conditions[0].targets.counts
  const onValues = planned.filter((one) => !isCounting(one))
  const groups = groupsOf(onValues)
  return {
    chains,
    rules: planned,
    always: onValues.filter((one) => one.rule.keywords.length === 0 && !isAboutEncoding(one)),
    onEncoded: onValues.filter((one) => one.rule.keywords.length === 0 && isAboutEncoding(one)),
    counting: planned.filter(isCounting),
    automaton: createAutomaton([...triggerEntries(chains), ...keywordEntries(groups, chains.length)]),
    groups,
    bits: onValues.reduce((sum, { bits }) => sum | bits, 0),
  }
}

const isAboutEncoding = ({ rule }: PlannedRule): boolean =>
  rule.conditions[0].operator.isAboutEncoding === true && !rule.conditions[0].isNegated

/** Head rules first, as a second front end needs them; otherwise in the order of the files. */
const byPhase = (rules: readonly Rule[]): readonly Rule[] => [
  ...rules.filter((rule) => rule.phase === 'head'),
  ...rules.filter((rule) => rule.phase === 'body'),
]

function triggerEntries(chains: readonly Chain[]): readonly Entry[] {
  return chains.flatMap(({ transformations }, id) => {
    const triggers = new Set(transformations.flatMap((one) => one.triggers))
    return [...triggers].map((text) => ({ id, text }))
  })
}

/** A longer keyword hardly says more than its beginning, and a small automaton stays in the cache. */
const maxKeyword = 8

function keywordEntries(groups: readonly KeywordGroup[], offset: number): readonly Entry[] {
  return groups.flatMap(({ texts }, index) => {
    const starts = new Set(texts.map((text) => text.slice(0, maxKeyword)))
    return [...starts].map((text) => ({ id: offset + index, text }))
  })
}

function groupsOf(planned: readonly PlannedRule[]): readonly KeywordGroup[] {
  const most = planned.reduce((max, { rule }) => Math.max(max, rule.keywords.length), 0)
  return Array.from({ length: most }, (_, position) =>
    planned.flatMap((one) => {
      const texts = one.rule.keywords[position]
      return texts === undefined ? [] : [{ planned: one, texts }]
    }),
  ).flat()
}

export const createPlanFound = (plan: RulePlan): Found => createFound(plan.chains.length + plan.groups.length)
