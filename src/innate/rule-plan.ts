import { type Automaton, createAutomaton, createFound, type Entry, type Found } from './automaton.ts'
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
}

/** Transformations that rules share: applied once per value, and only when one of their triggers occurs. */
export type Chain = { readonly transformations: readonly Transformation[] }

/**
 * Which rules a value has to be shown to. Ids of the automaton: `0..chains-1` say that a chain may change the text,
 * `chains + g` that a member of keyword group `g` occurs; a rule may hold once all of its groups have one.
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
  /** The rule of each keyword group. */
  readonly groups: readonly PlannedRule[]
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
  const planned = byPhase(rules).map((rule, index): PlannedRule => {
    const own = rule.conditions.map((condition) => chainOf(condition.transformations))
    const isAboutOneValue = rule.conditions.every((condition, position) => position === 0 || condition.isSameValue)
    return { rule, index, chains: own, chain: own[0] ?? 0, bits: rule.conditions[0].targets.bits, isAboutOneValue }
  })
  const isCounting = ({ rule }: PlannedRule): boolean => rule.conditions[0].targets.counts
  const onValues = planned.filter((one) => !isCounting(one))
  return {
    chains,
    rules: planned,
    always: onValues.filter((one) => one.rule.keywords.length === 0 && !isAboutEncoding(one)),
    onEncoded: onValues.filter((one) => one.rule.keywords.length === 0 && isAboutEncoding(one)),
    counting: planned.filter(isCounting),
    automaton: createAutomaton([...triggerEntries(chains), ...keywordEntries(onValues, chains.length)]),
    groups: onValues.flatMap((one) => one.rule.keywords.map(() => one)),
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

function keywordEntries(planned: readonly PlannedRule[], offset: number): readonly Entry[] {
  const groups = planned.flatMap(({ rule }) => rule.keywords)
  return groups.flatMap((group, index) => group.map((text) => ({ id: offset + index, text })))
}

export const createPlanFound = (plan: RulePlan): Found => createFound(plan.chains.length + plan.groups.length)
