import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import { anyValueHolds } from './any-value.ts'
import { createCleanFields } from './clean-fields.ts'
import { createHeaderInterest } from './header-interest.ts'
import type { Work } from './operators/operator.ts'
import { describeTooMuch, describeWhole } from './rule-finding.ts'
import type { PlannedRule, RulePlan } from './rule-plan.ts'
import { createRuleTrial, type OwnedValue } from './rule-trial.ts'
import { argsBits, placeBits } from './targets.ts'

export type Inspector = {
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Matches of a running rule since the start, by its number in the plan. */
  readonly hits: Float64Array
  /** Characters that the prefilter has read so far. */
  readonly steps: () => number
  /** What the tests of the last request cost. */
  readonly work: Readonly<Work>
}

export function createInspector(plan: RulePlan, maxWork: number): Inspector {
  const trial = createRuleTrial(plan, maxWork)
  const { hits, work } = trial
  const headerInterest = createHeaderInterest(plan)
  const cleanFields = createCleanFields()
  /** The value at hand, one object for all. */
  const value = emptyValue()

  const look = (text: string, bit: number): boolean => {
    if ((plan.bits & bit) === 0) return true
    value.text = text
    value.bit = bit
    return trial.run(value)
  }

  /** Whether no rule can ever say anything of the field. */
  const lookAtField = (field: Field): boolean => {
    if (isPathSegment(field)) return true
    const isHeader = field.location === 'header'
    value.chains = isHeader ? headerInterest(field.name) : null
    if (isHeader && value.chains === null) return true
    value.field = field
    value.name = field.name
    value.flags = field.flags
    value.decodeDepth = field.decodeDepth
    const isNameHere = (field.flags & fieldFlags.fromName) !== 0
    const isClean = look(field.value, placeBits[field.location] | (isNameHere ? placeBits.name : 0))
    value.flags = 0
    value.decodeDepth = 0
    value.chains = null
    if (hasFreshName(field)) look(field.name, placeBits.name)
    return isClean
  }

  const lookAtFields = (fields: readonly Field[]): void => {
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as Field
      if (!cleanFields.has(field.memo) && lookAtField(field)) cleanFields.add(field.memo)
    }
    value.field = null
    value.name = ''
  }

  const lookAtPart = (part: OwnedValue['part'], text: string): void => {
    value.part = part
    look(text, placeBits[part])
  }

  const lookAtOddities = ({ oddities }: CanonicalRequest): void => {
    for (const oddity of oddities) {
      value.oddity = oddity
      look(oddity.kind, placeBits.oddity)
    }
    value.oddity = null
  }

  return {
    hits,
    work,
    steps: trial.steps,
    inspect: (request, findings) => {
      trial.begin(request, findings)
      lookAtFields(request.fields)
      lookAtPart('method', request.view.method)
      lookAtPart('url', request.path)
      lookAtPart('target', request.view.target)
      lookAtOddities(request)
      for (const planned of plan.counting) {
        if (!countHolds(planned, request)) continue
        hits[planned.index] = (hits[planned.index] as number) + 1
        findings.push(describeWhole(planned))
      }
      if (work.spent > work.limit) findings.push(describeTooMuch(work.spent))
    },
  }
}

const emptyValue = (): OwnedValue => ({
  text: '',
  bit: 0,
  flags: 0,
  decodeDepth: 0,
  chains: null,
  name: '',
  field: null,
  part: 'method',
  oddity: null,
})

const countHolds = ({ rule }: PlannedRule, request: CanonicalRequest): boolean =>
  rule.conditions.every((condition) => anyValueHolds(request, condition))

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
