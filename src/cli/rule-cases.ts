import { caseRequest } from '../innate/case-request.ts'
import type { Rule, RuleCase } from '../innate/rule.ts'
import type { RequestView } from '../request/request-view.ts'

/** The request that a case of a rule stands for: the very one that the tests of the rules send. */
export const viewOfCase = (rule: Rule, sample: RuleCase): RequestView => caseRequest(rule, sample)

/** A case as people read it. */
export function caseText(sample: RuleCase): string {
  if (sample.kind === 'value') return sample.in === null ? sample.value : `${sample.in} ${sample.value}`
  const headers = Object.entries(sample.headers).map(([name, value]) => ` ${name}: ${value}`)
  return `${sample.method} ${sample.target}${headers.join('')}${sample.body === null ? '' : ` ${sample.body}`}`
}
