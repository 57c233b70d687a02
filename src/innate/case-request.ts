import type { RequestView } from '../request/request-view.ts'
import type { Rule, RuleCase } from './rule.ts'

/** The request that a rule's sample stands for. A bare value goes where the rule looks first, encoded as a client would. */
export function caseRequest(rule: Rule, sample: RuleCase): RequestView {
  if (sample.kind === 'request') return requestView(sample)
  const [place = '', name = ''] = split(sample.in ?? rule.conditions[0].targets.source[0] ?? 'args')
  const encoded = encodeURIComponent(sample.value)
  switch (place) {
    case 'header':
    case 'headers':
      return requestView({ target: '/', headers: { [concreteName(name, 'x-note')]: sample.value } })
    case 'cookie':
      return requestView({ target: '/', headers: { cookie: `${concreteName(name, 'note')}=${encoded}` } })
    case 'path':
    case 'url':
    case 'target':
      return requestView({ target: `/${encoded}` })
    case 'name':
      return requestView({ target: `/?${encoded}=1` })
    case 'body':
      return requestView({ method: 'POST', target: '/', headers: { 'content-type': 'text/plain' }, body: sample.value })
    default:
      return requestView({ target: `/?${concreteName(name, 'q')}=${encoded}` })
  }
}

const split = (target: string): readonly string[] => {
  const colon = target.indexOf(':')
  return colon < 0 ? [target] : [target.slice(0, colon), target.slice(colon + 1)]
}

/** A name that a selector such as `**~jwt.header` can come from. */
const concreteName = (pattern: string, fallback: string): string =>
  pattern === '' || pattern.includes('*') ? fallback : pattern

type Parts = {
  readonly method?: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | null
}

function requestView({ method = 'GET', target, headers = {}, body = null }: Parts): RequestView {
  return {
    method,
    target,
    rawHeaders: Object.entries({ host: 'localhost', ...headers }).flat(),
    body: body === null ? null : Buffer.from(body),
    isBodyCut: false,
    remoteAddress: '192.0.2.1',
    receivedAtMs: 0,
  }
}
