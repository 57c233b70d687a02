import type { Finding } from '../../../core/finding.ts'
import type { CanonicalRequest } from '../../../request/canonical-request.ts'
import { fieldIdOf } from '../../../request/field.ts'
import { excerptOf } from '../../excerpt.ts'
import { describeTooMuch } from '../../rule-finding.ts'
import type { Macro } from '../macro.ts'
import type { OrderedRule } from '../program.ts'
import { spotOf } from './match-field.ts'
import type { RuleMatch, Transaction } from './transaction.ts'

/** What a rule that wants the message stopped is worth: alone enough to stop it. */
const disruptiveScore = 0.95

/** Id of the finding about a body beyond the limit of a program that says `Reject`. */
export const bodyLimitId = 'proto-limit-100'

export type FindingOptions = {
  readonly request: CanonicalRequest
  /** Rules whose findings are never acted upon. */
  readonly isShadow: (rule: OrderedRule) => boolean
  /** Matches and faults told before. */
  readonly told?: { readonly matches: number; readonly faults: number }
}

/**
 * What the rules saw, for the engine. Only a rule that stopped the message acts; those that add to an anomaly score are
 * told as shadows, since the score acts through the rule that looks at it.
 */
export function toFindings(transaction: Transaction, options: FindingOptions): readonly Finding[] {
  const { matches = 0, faults = 0 } = options.told ?? {}
  const findings: Finding[] = []
  for (const match of transaction.matches.slice(matches)) {
    if (match.isLogged || match.isDisruptive) findings.push(describeMatch(match, transaction, options))
  }
  for (const fault of transaction.faults.slice(faults)) findings.push(describeFault(fault.rule, options))
  if (transaction.isOverWork()) findings.push(describeTooMuch(transaction.work()))
  const stop = transaction.interruption()
  if (stop !== null && stop.ruleId === '') findings.push(describeLimit(stop.phase))
  return findings
}

function describeMatch(match: RuleMatch, transaction: Transaction, options: FindingOptions): Finding {
  const { rule, isDisruptive } = match
  const { request } = options
  const spot = spotOf(match.variable, request) ?? spotOf(match.firstVariable, request)
  const name = spot?.name ?? match.variable
  const where = spot === null ? match.variable : `${spot.location} ${spot.name}`.trim()
  const shown = where === '' ? '' : ` in ${where}: ${excerptOf(...readable(match), name)}`
  return {
    layer: 'innate',
    source: rule.id,
    field: spot === null ? null : fieldIdOf(spot, request.route),
    score: isDisruptive ? disruptiveScore : rule.score,
    reason: `${titleOf(rule, transaction)}${shown}.`,
    tags: rule.tags,
    ...(!isDisruptive || options.isShadow(rule) ? { shadow: true } : {}),
  }
}

/** Longest excerpt in bytes, before it is read as UTF-8. */
const maxExcerptBytes = 96

/** The matched bytes as text of their own. */
function readable({ value, span }: RuleMatch): readonly [string, { readonly start: number; readonly end: number }] {
  const whole = span.end > span.start ? value.slice(span.start, span.end) : value
  const text = Buffer.from(whole.slice(0, maxExcerptBytes), 'latin1').toString('utf8')
  return [text, { start: 0, end: text.length }]
}

/** The message without what a client sent: of its macros only numbers in transaction variables are filled in. */
function titleOf(rule: OrderedRule, transaction: Transaction): string {
  const { message } = rule.flow
  const text = message === null ? '' : redact(message, transaction)
  return (text === '' ? `Rule ${rule.id} matched` : text).replace(/\.$/, '')
}

function redact(message: Macro, transaction: Transaction): string {
  if (typeof message === 'string') return message
  const parts = message.map((part) => {
    if (typeof part === 'string') return part
    const value = part.collection.toUpperCase() === 'TX' ? transaction.variable(part.key ?? '') : null
    return value !== null && /^-?\d{1,9}$/.test(value) ? value : '(not shown)'
  })
  return parts.join('')
}

/** Nobody can say what the rule would have found, so that the request counts as an attack; unless it is a shadow. */
const describeFault = (rule: OrderedRule | null, { isShadow }: FindingOptions): Finding => ({
  layer: 'innate',
  source: rule?.id ?? 'seclang',
  field: null,
  score: 0.9,
  reason: rule === null ? 'The rule program broke down.' : `Rule ${rule.id} could not be judged.`,
  ...(rule !== null && isShadow(rule) ? { shadow: true } : {}),
})

const describeLimit = (phase: number): Finding => ({
  layer: 'innate',
  source: bodyLimitId,
  field: null,
  score: disruptiveScore,
  reason: `The body of the ${phase <= 2 ? 'request' : 'response'} is larger, or has more arguments, than the rule files allow.`,
})
