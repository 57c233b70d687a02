import type { Operator } from './operators/operator.ts'
import { operatorTable } from './operators/table.ts'
import { type Condition, type Rule, type RuleCase, severityScores } from './rule.ts'
import type { CaseSource, ConditionSource, RuleSource } from './rule-file.ts'
import { compileTargets, type Targets } from './targets.ts'
import { transformationTable } from './transformations/table.ts'
import type { Transformation } from './transformations/transformation.ts'

export type RuleOrigin = {
  readonly family: string
  readonly file: string
  readonly line: number
  readonly targets?: readonly string[] | undefined
}

/** Compiles one rule of the YAML language; throws an Error that says what is wrong. */
export function compileRule(source: RuleSource, origin: RuleOrigin): Rule {
  const conditions = compileConditions(source, origin.targets)
  const leading = conditions[0]
  return {
    id: source.id,
    family: origin.family,
    title: source.title,
    severity: source.severity,
    score: severityScores[source.severity],
    paranoia: source.paranoia,
    phase: source.phase,
    tags: source.tags,
    isShadow: source.shadow,
    file: origin.file,
    line: origin.line,
    conditions,
    keywords: chooseKeywords(source.keywords, leading),
    cases: { attack: source.cases.attack.map(readCase), benign: source.cases.benign.map(readCase) },
  }
}

function compileConditions(
  source: RuleSource,
  fallback: readonly string[] | undefined,
): readonly [Condition, ...Condition[]] {
  const places = source.targets ?? fallback
  if (places === undefined) throw new Error('targets is missing, in the rule and in the file')
  const targets = compileTargets(places)
  const transformations = compileTransformations(source.transforms ?? [])
  const shared = { targets, transformations }
  const own = operatorNames(source)
  if (source.all === undefined) return [compileCondition(source, shared)]
  if (own.length > 0) throw new Error(`${own.join(', ')} stands beside all; put it into the list`)
  if (source.not !== undefined) throw new Error('not stands beside all; put it into the list')
  const [first, ...others] = source.all
  if (first === undefined) throw new Error('all is empty')
  return [compileCondition(first, shared), ...others.map((other) => compileCondition(other, shared))]
}

type Shared = { readonly targets: Targets; readonly transformations: readonly Transformation[] }

function compileCondition(source: ConditionSource, shared: Shared): Condition {
  return {
    targets: source.targets === undefined ? shared.targets : compileTargets(source.targets),
    transformations:
      source.transforms === undefined ? shared.transformations : compileTransformations(source.transforms),
    operator: compileOperator(source),
    isNegated: source.not ?? false,
    isSameValue: source.targets === undefined,
  }
}

const operatorNames = (source: ConditionSource): readonly string[] =>
  [...operatorTable.keys()].filter((name) => (source as Record<string, unknown>)[name] !== undefined)

function compileOperator(source: ConditionSource): Operator {
  const names = operatorNames(source)
  const [name] = names
  if (name === undefined) throw new Error(`no operator; known are ${[...operatorTable.keys()].join(', ')}`)
  if (names.length > 1) throw new Error(`more than one operator: ${names.join(', ')}`)
  const compiler = operatorTable.get(name)
  if (compiler === undefined) throw new Error(`unknown operator ${name}`)
  try {
    return compiler.compile((source as Record<string, unknown>)[name])
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function compileTransformations(names: readonly string[]): readonly Transformation[] {
  return names.map((name) => {
    const transformation = transformationTable.get(name)
    if (transformation === undefined) {
      throw new Error(`unknown transformation ${name}; known are ${[...transformationTable.keys()].join(', ')}`)
    }
    return transformation
  })
}

/** Keywords that the rule states, and those its leading operator needs; a rule with neither must say so. */
function chooseKeywords(stated: 'none' | readonly string[] | undefined, leading: Condition): Rule['keywords'] {
  if (stated === 'none') return []
  const { operator, isNegated, targets } = leading
  const needed = isNegated ? [] : operator.literals
  if (stated !== undefined) return [foldKeywords(stated), ...needed]
  if (targets.counts || (operator.isCheap && !isNegated)) return []
  if (needed.length === 0) {
    throw new Error(
      'no literal can be taken from the condition; give keywords, or keywords: none to run it on every value',
    )
  }
  return needed
}

function foldKeywords(stated: readonly string[]): readonly string[] {
  const folded = stated.map((keyword) => keyword.toLowerCase())
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
  const wide = folded.find((keyword) => !/^[\x00-\x7f]+$/.test(keyword))
  if (wide !== undefined) throw new Error(`keyword ${wide} is not ASCII`)
  return folded
}

function readCase(source: CaseSource): RuleCase {
  if (typeof source === 'string') return { kind: 'value', in: null, value: source }
  if ('value' in source) return { kind: 'value', in: source.in ?? null, value: source.value }
  return { kind: 'request', ...source }
}
