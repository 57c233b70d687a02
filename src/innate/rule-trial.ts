import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest, Oddity } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'
import { anyValueHolds } from './any-value.ts'
import { createGateKeeper } from './gates.ts'
import type { Subject, Work } from './operators/operator.ts'
import type { Condition } from './rule.ts'
import { describe, type Owner } from './rule-finding.ts'
import type { PlannedRule, RulePlan } from './rule-plan.ts'
import { createValueScan, type ScannedValue, type ValueScan } from './value-scan.ts'

/** A rule reports at most this often per request. */
const maxPerRequest = 3

/** A value, and what it belongs to: a field, a part of the request or an oddity. */
export type OwnedValue = ScannedValue & {
  name: string
  field: Field | null
  part: 'method' | 'url' | 'target'
  oddity: Oddity | null
}

/** Asks the rules about one value after the other and keeps count. */
export type RuleTrial = {
  readonly begin: (request: CanonicalRequest, findings: Finding[]) => void
  /** Adds what the rules say of a value. True: none can ever say anything of it, whatever else a request holds. */
  readonly run: (value: OwnedValue) => boolean
  /** Matches of a running rule since the start, by its number in the plan. */
  readonly hits: Float64Array
  /** What the tests of the request at hand cost. */
  readonly work: Readonly<Work>
  /** Characters that the prefilter has read so far. */
  readonly steps: () => number
}

/** Once a request has cost `maxWork`, nothing more of it is tested. */
export function createRuleTrial(plan: RulePlan, maxWork: number): RuleTrial {
  const hits = new Float64Array(plan.rules.length)
  const reported = new Uint8Array(plan.rules.length)
  const work: Work = { spent: 0, limit: maxWork }
  let request: CanonicalRequest | null = null
  let findings: Finding[] = []
  let value: OwnedValue | null = null
  let matches = 0
  let isClean = true
  const keeper = createGateKeeper(
    plan.rules.map(({ gate }) => gate),
    work,
  )

  const report = (planned: PlannedRule, from: OwnedValue, whole: CanonicalRequest): void => {
    const { index } = planned
    reported[index] = (reported[index] as number) + 1
    hits[index] = (hits[index] as number) + 1
    matches += 1
    const place = { request: whole, owner: ownerOf(from), name: from.name }
    findings.push(describe(planned, scan.subjectOf(planned.chain), place))
  }

  /** Whether the leading condition holds; past the limit of the work nothing is known of it. */
  const leads = ({ gate, rule }: PlannedRule, subject: Subject): boolean => {
    if (gate !== null && !keeper.isOpen(gate, subject)) return false
    if (work.spent > work.limit) return false
    const { operator, isNegated } = rule.conditions[0]
    if (!operator.isCheap) work.spent += subject.text.length
    const isMatch = operator.test(subject)
    return isMatch !== isNegated && (isMatch || work.spent <= work.limit)
  }

  const visit = (planned: PlannedRule): void => {
    const { rule, index } = planned
    const leading = rule.conditions[0]
    if (request === null || value === null || !leading.targets.accepts(value.bit, value.name)) return
    if (work.spent > work.limit || (reported[index] as number) >= maxPerRequest) {
      isClean = false
      return
    }
    if (!leads(planned, scan.subjectOf(planned.chain))) return
    if (!planned.isAboutOneValue) isClean = false
    if (rule.conditions.length > 1 && !othersHold(planned, scan, request)) return
    isClean = false
    report(planned, value, request)
  }
  const scan = createValueScan(plan, visit, work)

  return {
    hits,
    work,
    steps: scan.steps,
    begin: (current, into) => {
      if (matches > 0) reported.fill(0)
      matches = 0
      work.spent = 0
      request = current
      findings = into
    },
    run: (current) => {
      if (work.spent > work.limit) return false
      value = current
      keeper.nextValue()
      isClean = true
      scan.run(current)
      return isClean && work.spent <= work.limit
    },
  }
}

function ownerOf({ field, oddity, part }: OwnedValue): Owner {
  if (field !== null) return { field }
  return oddity === null ? { part } : { oddity }
}

/** Whether the conditions after the leading one hold as well. */
function othersHold({ rule, chains }: PlannedRule, scan: ValueScan, request: CanonicalRequest): boolean {
  for (let position = 1; position < rule.conditions.length; position += 1) {
    const condition = rule.conditions[position] as Condition
    const holds = condition.isSameValue
      ? condition.operator.test(scan.subjectOf(chains[position] ?? 0)) !== condition.isNegated
      : anyValueHolds(request, condition)
    if (!holds) return false
  }
  return true
}
