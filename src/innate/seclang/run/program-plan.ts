import type { Transformation } from '../../transformations/transformation.ts'
import type { Action, Link, OrderedRule, ProgramStep, RuleProgram } from '../program.ts'
import { type CandidateIndex, createCandidateIndex, type LiteralCondition, usableGroups } from './candidate-index.ts'
import { createViewTable, type Look, type ViewPlan, type ViewTable } from './looks.ts'
import {
  createTransformationTreeBuilder,
  type TransformationTree,
  type TransformationTreeBuilder,
} from './transformation-tree.ts'

type SetVariable = Extract<Action, { kind: 'setvar' }>
type Bind = Extract<Action, { kind: 'bind' }>

/** One SecRule of a chain, laid out for running. */
export type PlannedLink = {
  readonly link: Link
  /** Number of the condition within the program. */
  readonly condition: number
  readonly looks: readonly Look[]
  /** A SecAction: no targets, always yes. */
  readonly isAction: boolean
  /** The condition can only match texts that are marked as its candidates. */
  readonly isPrefiltered: boolean
  /**
   * Number of the set of views it looks at, where it is prefiltered and looks at nothing but members of the message;
   * else -1.
   */
  readonly viewSet: number
  /** Where the chain of transformations ends. */
  readonly node: number
  /** All nodes of the chain, for multiMatch; else empty. */
  readonly stages: readonly number[]
  /** Done once before anything else when the link matches. */
  readonly binds: readonly Bind[]
  /** Done for each value that matches. */
  readonly setvars: readonly SetVariable[]
  /** Done once when the link and all that follow it have matched. */
  readonly others: readonly Action[]
}

export type PlannedProgramRule = {
  readonly rule: OrderedRule
  readonly index: number
  readonly links: readonly PlannedLink[]
}

/** Steps of a phase without the markers. */
export type PlannedPhase = {
  readonly rules: readonly PlannedProgramRule[]
  /** Where `skipAfter` of each rule leads: position of a step; the number of steps when there is no such marker. */
  readonly jumps: Int32Array
}

export type ProgramPlan = {
  readonly program: RuleProgram
  readonly rules: readonly PlannedProgramRule[]
  readonly phases: readonly PlannedPhase[]
  readonly views: readonly ViewPlan[]
  /** Numbers of the views of each set; many conditions look at the same. */
  readonly viewSets: readonly (readonly number[])[]
  readonly tree: TransformationTree
  readonly index: CandidateIndex
  readonly nodesOf: readonly (readonly number[])[]
  readonly conditionCount: number
}

/** Plans of programs that are in use: an evaluation makes an engine for each group, all over one program. */
const plans = new WeakMap<RuleProgram, ProgramPlan>()

/** Lays a program out for running. Without the prefilter every condition is asked about every value. */
export function planProgram(program: RuleProgram, hasPrefilter: boolean): ProgramPlan {
  if (!hasPrefilter) return layOut(program, false)
  const known = plans.get(program) ?? layOut(program, true)
  plans.set(program, known)
  return known
}

function layOut(program: RuleProgram, hasPrefilter: boolean): ProgramPlan {
  const views = createViewTable()
  const tree = createTransformationTreeBuilder()
  const viewSets = createViewSets()
  const parts = { views, viewSets, tree, hasPrefilter }
  let conditionCount = 0
  const rules = program.rules.map((rule, index) => ({
    rule,
    index,
    links: rule.conditions.map((link) => planLink(link, { ...parts, condition: conditionCount++ })),
  }))
  const literals: LiteralCondition[] = []
  const nodesOf: (readonly number[])[] = []
  for (const { condition, isPrefiltered, link, stages, node } of rules.flatMap((one) => one.links)) {
    if (isPrefiltered) literals.push({ condition, literals: usableGroups(link.operator.literals) })
    nodesOf[condition] = isPrefiltered ? (stages.length > 0 ? stages : [node]) : []
  }
  const built = tree.build()
  const byRule = new Map(rules.map((planned) => [planned.rule, planned]))
  return {
    program,
    rules,
    phases: program.phases.map((steps) => planPhase(steps, byRule)),
    views: views.views,
    viewSets: viewSets.sets,
    tree: built,
    index: createCandidateIndex(literals, built.triggers),
    nodesOf,
    conditionCount,
  }
}

type LinkParts = {
  readonly views: ViewTable
  readonly viewSets: ViewSets
  readonly tree: TransformationTreeBuilder
  readonly hasPrefilter: boolean
  readonly condition: number
}

function planLink(link: Link, { views, viewSets, tree, hasPrefilter, condition }: LinkParts): PlannedLink {
  const looks = views.looksOf(link.targets, link.operator.name)
  const node = tree.add(link.transformations as readonly Transformation[])
  const seesMessage = looks.some((look) => look.from.kind === 'message' && !look.isCount)
  const hasLiterals = !link.isNegated && usableGroups(link.operator.literals).length > 0
  const isWorthIt = !link.transformations.some(changesEverything)
  const isPrefiltered = hasPrefilter && seesMessage && hasLiterals && isWorthIt
  return {
    link,
    condition,
    looks,
    isAction: link.targets.included.length === 0,
    viewSet: isPrefiltered ? viewSets.numberOf(looks) : -1,
    isPrefiltered,
    node,
    stages: link.isMultiMatch ? tree.path(node) : [],
    binds: link.actions.filter((action) => action.kind === 'bind'),
    setvars: link.actions.filter((action) => action.kind === 'setvar'),
    others: link.actions.filter((action) => action.kind !== 'bind' && action.kind !== 'setvar'),
  }
}

type ViewSets = {
  readonly sets: readonly (readonly number[])[]
  /** -1 for looks at other things than members of the message. */
  readonly numberOf: (looks: readonly Look[]) => number
}

function createViewSets(): ViewSets {
  const sets: (readonly number[])[] = []
  const numbers = new Map<string, number>()
  return {
    sets,
    numberOf: (looks) => {
      const views = looks.flatMap(({ from, isCount }) => (from.kind === 'message' && !isCount ? [from.view] : []))
      if (views.length < looks.length) return -1
      const known = numbers.get(views.join(' '))
      if (known !== undefined) return known
      const number = sets.push(views) - 1
      numbers.set(views.join(' '), number)
      return number
    },
  }
}

function planPhase(steps: readonly ProgramStep[], byRule: ReadonlyMap<OrderedRule, PlannedProgramRule>): PlannedPhase {
  const rules: PlannedProgramRule[] = []
  const markers: { readonly name: string; readonly at: number }[] = []
  for (const step of steps) {
    if (step.kind === 'marker') markers.push({ name: step.name, at: rules.length })
    else {
      const planned = byRule.get(step.rule)
      if (planned === undefined) throw new Error(`rule ${step.rule.id} is a step, but none of the rules of the program`)
      rules.push(planned)
    }
  }
  const jumps = Int32Array.from(rules, ({ rule }, position) => {
    const { skipAfter } = rule.flow
    if (skipAfter === null) return 0
    return markers.find((marker) => marker.name === skipAfter && marker.at > position)?.at ?? rules.length
  })
  return { rules, jumps }
}

const plainText = 'plaintext0123456789abcdefz'

/** Digests, encodings and the like: whoever looks at what they make is better asked directly than scanned for. */
const changesEverything = ({ apply, triggers }: Transformation): boolean =>
  triggers.length === 0 && apply(plainText) !== plainText
