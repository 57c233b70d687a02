import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest, Oddity } from '../request/canonical-request.ts'
import { type Field, fieldIdOf } from '../request/field.ts'
import { excerptOf } from './excerpt.ts'
import type { Subject } from './operators/operator.ts'
import { severityScores } from './rule.ts'
import type { PlannedRule } from './rule-plan.ts'

/** What a value belongs to. */
export type Owner =
  | { readonly field: Field }
  | { readonly part: 'method' | 'url' | 'target' }
  | { readonly oddity: Oddity }

export type Place = { readonly request: CanonicalRequest; readonly owner: Owner; readonly name: string }

/** What a rule saw, told without giving the value away. */
export function describe({ rule }: PlannedRule, subject: Subject, { request, owner, name }: Place): Finding {
  const { operator, isNegated } = rule.conditions[0]
  const shown = subject.lower.length === subject.text.length ? subject.text : subject.lower
  const span = isNegated ? { start: 0, end: shown.length } : operator.locate(subject)
  const base = {
    layer: 'innate',
    source: rule.id,
    score: rule.score,
    tags: rule.tags,
    ...(rule.isShadow ? { shadow: true } : {}),
  } as const
  if ('oddity' in owner) return { ...base, field: null, reason: `${rule.title}: ${owner.oddity.detail}.` }
  if ('part' in owner) {
    const where = { method: 'the method', url: 'the path', target: 'the request target' }[owner.part]
    const field = fieldIdOf({ location: owner.part === 'method' ? 'method' : 'path', name: '' }, request.route)
    return { ...base, field, reason: `${rule.title} in ${where}: ${excerptOf(shown, span, '')}.` }
  }
  const { field } = owner
  const reason = `${rule.title} in ${field.location} ${field.name}: ${excerptOf(shown, span, name)}.`
  return { ...base, field: fieldIdOf(field, request.route), reason }
}

/** For rules about the request as a whole. */
export const describeWhole = ({ rule }: PlannedRule): Finding => ({
  layer: 'innate',
  source: rule.id,
  field: null,
  score: rule.score,
  reason: `${rule.title}.`,
  tags: rule.tags,
  ...(rule.isShadow ? { shadow: true } : {}),
})

/** Id of the finding about a request that would take too long to inspect. */
export const tooMuchWorkId = 'proto-work-100'
export const tooMuchWorkTitle = 'The request takes too much work to inspect'
export const tooMuchWorkScore = severityScores.critical

/** Nobody can say what the rest holds, so that the request counts as an attack. */
export const describeTooMuch = (spent: number): Finding => ({
  layer: 'innate',
  source: tooMuchWorkId,
  field: null,
  score: tooMuchWorkScore,
  reason: `${tooMuchWorkTitle}: patterns stopped after ${spent} characters.`,
})
