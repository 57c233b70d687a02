import type { RuleCase } from '../innate/rule.ts'
import type { RequestView } from '../request/request-view.ts'

/** The request that a case of a rule stands for. A bare value stands in a query parameter. */
export function viewOfCase(sample: RuleCase): RequestView {
  if (sample.kind === 'request') {
    const { method, target, headers, body } = sample
    return viewOf({ method, target, headers: Object.entries(headers), body })
  }
  const [place = 'query', name = 'q'] = (sample.in ?? 'query:q').split(/:(.*)/)
  return viewWith(place, name, sample.value)
}

/** A case as people read it. */
export function caseText(sample: RuleCase): string {
  if (sample.kind === 'value') return sample.in === null ? sample.value : `${sample.in} ${sample.value}`
  const headers = Object.entries(sample.headers).map(([name, value]) => ` ${name}: ${value}`)
  return `${sample.method} ${sample.target}${headers.join('')}${sample.body === null ? '' : ` ${sample.body}`}`
}

type Parts = {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | null
}

function viewOf({ method = 'GET', target = '/', headers = [], body = null }: Parts): RequestView {
  const bytes = body === null ? null : Buffer.from(body, 'utf8')
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const latin1 = headers.flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')])
  return {
    method,
    target: Buffer.from(target, 'utf8').toString('latin1'),
    rawHeaders: [...(hasHost ? [] : ['Host', 'localhost']), ...latin1],
    body: bytes,
    isBodyCut: false,
    remoteAddress: '192.0.2.1',
    receivedAtMs: 0,
  }
}

function viewWith(place: string, name: string, value: string): RequestView {
  switch (place) {
    case 'path':
    case 'url':
      return viewOf({ target: `/${escapeValue(value)}` })
    case 'target':
      return viewOf({ target: value })
    case 'name':
      return viewOf({ target: `/?${escapeValue(value)}=1` })
    case 'header':
      return viewOf({ headers: [[name, value]] })
    case 'cookie':
      return viewOf({ headers: [['Cookie', `${name}=${value}`]] })
    case 'form':
      return posted('application/x-www-form-urlencoded', `${name}=${escapeValue(value)}`)
    case 'json':
      return posted('application/json', JSON.stringify({ [name]: value }))
    case 'body':
      return posted('text/plain', value)
    case 'xml':
      return posted('application/xml', value)
    default:
      return viewOf({ target: `/?${name}=${escapeValue(value)}` })
  }
}

function posted(contentType: string, body: string): RequestView {
  const headers = [['Content-Type', contentType] as const, ['Content-Length', String(Buffer.byteLength(body))] as const]
  return viewOf({ method: 'POST', headers, body })
}

/** What would end the value early is encoded; escapes that the case itself holds stay as they are. */
function escapeValue(value: string): string {
  return value.replace(/[^\w.~!'()*,;:@$/-]|%(?![0-9a-fA-F]{2})/gu, (character) =>
    character === '%' ? character : encodeURIComponent(character.isWellFormed() ? character : '\uFFFD'),
  )
}
