import { ThymusError } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Innate, RuleSummary } from './innate.ts'
import { createInspector } from './inspector.ts'
import type { Rule } from './rule.ts'
import { planRules, type RulePlan } from './rule-plan.ts'

export type InnateOptions = {
  /** Compiled rules, as `loadRules` gives them. */
  readonly rules: readonly Rule[]
  /** Rules of a higher level do not run. */
  readonly paranoia: number
  /** Ids of rules that report but never act. */
  readonly shadowRules: readonly string[]
  /** Characters, each times the patterns that read it, after which a request is no longer inspected but accused. */
  readonly maxWork?: number
}

/** Well below a tenth of a second: a megabyte of text that a good dozen of patterns have to read. */
export const defaultMaxWork = 16_000_000

/** Builds the static layer; throws a ThymusError when `shadowRules` names a rule that does not exist. */
export function createInnate(options: InnateOptions): Innate {
  refuseUnknown(options)
  const { rules, plan } = prepare(options)
  const inspector = createInspector(plan, options.maxWork ?? defaultMaxWork)
  const numbers = new Map(plan.rules.map(({ rule, index }) => [rule.id, index]))
  const hitsOf = (id: string): number => inspector.hits[numbers.get(id) ?? -1] ?? 0
  return {
    inspect: (request: CanonicalRequest, findings: Finding[]) => inspector.inspect(request, findings),
    rules: () => rules.map((rule) => summarise(rule, hitsOf(rule.id))),
  }
}

type Prepared = { readonly rules: readonly Rule[]; readonly plan: RulePlan }

/** Plans of rule sets that are in use: an evaluation makes thousands of engines over one set. */
const plans = new WeakMap<readonly Rule[], Map<string, Prepared>>()

/** Marks shadow rules and plans the running ones; the same rules under the same settings are planned once. */
function prepare(options: InnateOptions): Prepared {
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

function refuseUnknown({ rules, shadowRules }: InnateOptions): void {
  const known = new Set(rules.map((rule) => rule.id))
  const unknown = shadowRules.find((id) => !known.has(id))
  if (unknown !== undefined) {
    throw new ThymusError('THY_CONFIG', `innate.shadowRules names ${unknown}, and no rule has that id.`)
  }
}

function summarise(rule: Rule, hits: number): RuleSummary {
  const { id, family, title, paranoia, score, tags, file, isShadow } = rule
  return { id, family, title, paranoia, score, tags, file, isShadow, hits }
}
