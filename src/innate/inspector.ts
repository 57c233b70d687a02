import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import { anyValueHolds } from './any-value.ts'
import { createHeaderInterest } from './header-interest.ts'
import type { Condition } from './rule.ts'
import { describe, describeWhole, type Owner } from './rule-finding.ts'
import type { PlannedRule, RulePlan } from './rule-plan.ts'
import { argsBits, placeBits } from './targets.ts'
import { createValueScan, type ScannedValue, type ValueScan } from './value-scan.ts'

/** A rule reports at most this often per request. */
const maxPerRequest = 3

export type Inspector = {
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Matches of a running rule since the start, by its number in the plan. */
  readonly hits: Float64Array
  /** Characters that the prefilter has read so far. */
  readonly steps: () => number
}

export function createInspector(plan: RulePlan): Inspector {
  const hits = new Float64Array(plan.rules.length)
  const reported = new Uint8Array(plan.rules.length)
  const headerInterest = createHeaderInterest(plan)
  const value: ScannedValue = { text: '', bit: 0, flags: 0, decodeDepth: 0, chains: null }
  let name = ''
  let owner: Owner | null = null
  let request: CanonicalRequest | null = null
  let findings: Finding[] = []
  let matches = 0

  const visit = (planned: PlannedRule): void => {
    const { rule, index } = planned
    if ((reported[index] ?? 0) >= maxPerRequest || request === null || owner === null) return
    const leading = rule.conditions[0]
    if (!leading.targets.accepts(value.bit, name)) return
    if (leading.operator.test(scan.subjectOf(planned.chain)) === leading.isNegated) return
    if (rule.conditions.length > 1 && !othersHold(planned, scan, request)) return
    reported[index] = (reported[index] ?? 0) + 1
    hits[index] = (hits[index] ?? 0) + 1
    matches += 1
    findings.push(describe(planned, scan.subjectOf(planned.chain), { request, owner, name }))
  }
  const scan = createValueScan(plan, visit)

  const look = (text: string, bit: number, from: Owner, chains: Uint8Array | null = null): void => {
    value.text = text
    value.bit = bit
    value.chains = chains
    const field = 'field' in from && bit !== placeBits.name ? from.field : null
    value.flags = field?.flags ?? 0
    value.decodeDepth = field?.decodeDepth ?? 0
    owner = from
    scan.run(value)
  }

  const lookAtField = (field: Field): void => {
    const bit = placeBits[field.location] | ((field.flags & fieldFlags.fromName) !== 0 ? placeBits.name : 0)
    if ((plan.bits & bit) === 0 || isPathSegment(field)) return
    const chains = field.location === 'header' ? headerInterest(field.name) : null
    if (field.location === 'header' && chains === null) return
    name = field.name
    const from = { field }
    look(field.value, bit, from, chains)
    if ((plan.bits & placeBits.name) !== 0 && hasFreshName(field)) look(field.name, placeBits.name, from)
  }

  const lookAtCount = (planned: PlannedRule, current: CanonicalRequest): void => {
    if (!planned.rule.conditions.every((condition) => anyValueHolds(current, condition))) return
    hits[planned.index] = (hits[planned.index] ?? 0) + 1
    findings.push(describeWhole(planned))
  }

  return {
    hits,
    steps: scan.steps,
    inspect: (current, into) => {
      if (matches > 0) reported.fill(0)
      matches = 0
      request = current
      findings = into
      for (const field of current.fields) lookAtField(field)
      name = ''
      lookAtWhole(current, plan.bits, look)
      for (const planned of plan.counting) lookAtCount(planned, current)
      request = null
      owner = null
    },
  }
}

type Look = (text: string, bit: number, from: Owner) => void

/** What belongs to the request as a whole and to no field. */
function lookAtWhole({ view, path, oddities }: CanonicalRequest, bits: number, look: Look): void {
  if ((bits & placeBits.method) !== 0) look(view.method, placeBits.method, { part: 'method' })
  if ((bits & placeBits.url) !== 0) look(path, placeBits.url, { part: 'url' })
  if ((bits & placeBits.target) !== 0) look(view.target, placeBits.target, { part: 'target' })
  if ((bits & placeBits.oddity) === 0) return
  for (const oddity of oddities) look(oddity.kind, placeBits.oddity, { oddity })
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

/** The whole path is a field of its own and holds every segment. */
const isPathSegment = (field: Field): boolean =>
  field.location === 'path' &&
  field.name !== '*' &&
  (field.flags & fieldFlags.derived) === 0 &&
  !field.name.includes('~')

/** A parameter name that self has not shown; one that it has is no news. */
const hasFreshName = (field: Field): boolean =>
  field.slot === -1 &&
  (field.flags & fieldFlags.fromName) === 0 &&
  (placeBits[field.location] & argsBits) !== 0 &&
  field.name !== ''
