import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'
import type { Condition } from './rule.ts'
import { placeBits } from './targets.ts'

/** Whether any value of a condition's own targets passes it. Not on the usual path: only rules that match so far ask. */
export function anyValueHolds(request: CanonicalRequest, condition: Condition): boolean {
  const { targets } = condition
  if (targets.counts) {
    const count = request.fields.filter((field) => targets.accepts(placeBits[field.location], field.name)).length
    return testText(condition, String(count))
  }
  const wholes: readonly (readonly [number, string])[] = [
    [placeBits.method, request.view.method],
    [placeBits.url, request.path],
    [placeBits.target, request.view.target],
    ...request.oddities.map((oddity) => [placeBits.oddity, oddity.kind] as const),
  ]
  if (wholes.some(([bit, text]) => targets.accepts(bit, '') && testText(condition, text))) return true
  return request.fields.some((field) => {
    if (targets.accepts(placeBits[field.location], field.name) && testText(condition, field.value, field)) return true
    return targets.accepts(placeBits.name, field.name) && testText(condition, field.name)
  })
}

function testText(condition: Condition, canonical: string, field?: Field): boolean {
  const text = condition.transformations.reduce((sum, transformation) => transformation.apply(sum), canonical)
  const subject = { text, lower: text.toLowerCase(), flags: field?.flags ?? 0, decodeDepth: field?.decodeDepth ?? 0 }
  return condition.operator.test(subject) !== condition.isNegated
}
