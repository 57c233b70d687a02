import type { Clock } from '../core/clock.ts'
import { ThymusError } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import type { Random } from '../core/random.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { InnateScorer } from './frozen-finding.ts'
import { createFrozenScore } from './frozen-score.ts'
import type { Innate, RuleSummary } from './innate.ts'
import { createInspector } from './inspector.ts'
import type { Rule } from './rule.ts'
import { planRules, type RulePlan } from './rule-plan.ts'
import type { OrderedRule, RuleProgram } from './seclang/program.ts'
import { createProgramLayer, type ProgramLayer } from './seclang/run/program-layer.ts'

export type InnateOptions = RuleOptions & ProgramOptions

/** Rules of SecLang files, which run beside the others; they need to know the time and to throw dice. */
export type ProgramOptions =
  | { readonly program?: null }
  | { readonly program: RuleProgram; readonly clock: Clock; readonly random: Random }

export type RuleOptions = {
  /** Compiled rules, as `loadRules` gives them. */
  readonly rules: readonly Rule[]
  /** Rules of a higher level do not run; those of a SecLang program have a level of their own. */
  readonly paranoia: number
  /** Ids of rules that report but never act. */
  readonly shadowRules: readonly string[]
  /** The inherited repertoire; without it, or with `null`, rules are all there is. */
  readonly scorer?: InnateScorer | null
  /** Characters, each times the patterns that read it, after which a request is no longer inspected but accused. */
  readonly maxWork?: number
}

/** About a tenth of a second: a megabyte of program text, which two dozen patterns have to read. */
export const defaultMaxWork = 24_000_000

/** Builds the static layer; throws a ThymusError when `shadowRules` names a rule that does not exist. */
export function createInnate(options: InnateOptions): Innate {
  refuseUnknown(options)
  const { rules, plan } = prepare(options)
  const inspector = createInspector(plan, options.maxWork ?? defaultMaxWork)
  const numbers = new Map(plan.rules.map(({ rule, index }) => [rule.id, index]))
  const hitsOf = (id: string): number => inspector.hits[numbers.get(id) ?? -1] ?? 0
  const program = options.program ?? null
  const layer = openProgram(options)
  const frozen = options.scorer == null ? null : createFrozenScore(options.scorer)
  const isShadow = shadowTest(options.shadowRules)
  return {
    inspect: (request: CanonicalRequest, findings: Finding[]) => {
      inspector.inspect(request, findings)
      frozen?.(request, findings)
      layer?.inspect(request, findings)
    },
    inspectResponse: (request, response, findings) => layer?.inspectResponse(request, response, findings),
    responses: layer?.responses ?? null,
    notices: program?.notices ?? [],
    rules: () => [
      ...rules.map((rule) => summarise(rule, hitsOf(rule.id))),
      ...(program?.rules ?? []).map((rule, index) =>
        summarise({ ...rule, isShadow: isShadow(rule) }, layer?.hits[index] ?? 0),
      ),
    ],
  }
}

function openProgram(options: InnateOptions): ProgramLayer | null {
  if (!('clock' in options)) return null
  const { program, clock, random, maxWork } = options
  const isShadow = shadowTest(options.shadowRules)
  return createProgramLayer({ program, clock, random, isShadow, ...(maxWork === undefined ? {} : { maxWork }) })
}

function shadowTest(shadowRules: readonly string[]): (rule: Rule | OrderedRule) => boolean {
  const shadows = new Set(shadowRules)
  return (rule) => rule.isShadow || shadows.has(rule.id)
}

type Prepared = { readonly rules: readonly Rule[]; readonly plan: RulePlan }

/** Plans of rule sets that are in use: an evaluation makes thousands of engines over one set. */
const plans = new WeakMap<readonly Rule[], Map<string, Prepared>>()

/** Marks shadow rules and plans the running ones; the same rules under the same settings are planned once. */
function prepare(options: RuleOptions): Prepared {
  const known = plans.get(options.rules) ?? new Map<string, Prepared>()
  plans.set(options.rules, known)
  const key = `${options.paranoia} ${options.shadowRules.join(' ')}`
  let prepared = known.get(key)
  if (prepared === undefined) {
    const shadows = new Set(options.shadowRules)
    const rules = options.rules.map((rule) => (shadows.has(rule.id) ? { ...rule, isShadow: true } : rule))
    prepared = { rules, plan: planRules(rules.filter((rule) => rule.paranoia <= options.paranoia)) }
    known.set(key, prepared)
  }
  return prepared
}

function refuseUnknown({ rules, shadowRules, program }: InnateOptions): void {
  const known = new Set([...rules, ...(program?.rules ?? [])].map((rule) => rule.id))
  const unknown = shadowRules.find((id) => !known.has(id))
  if (unknown !== undefined) {
    throw new ThymusError('THY_CONFIG', `innate.shadowRules names ${unknown}, and no rule has that id.`)
  }
}

function summarise(rule: Rule | OrderedRule, hits: number): RuleSummary {
  const { id, family, title, paranoia, score, tags, file, isShadow } = rule
  return { id, family, title, paranoia, score, tags, file, isShadow, hits }
}
