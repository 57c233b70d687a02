import { configSchema } from '../../src/config/schema.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Innate } from '../../src/innate/innate.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import { createCanonicalizer } from '../../src/request/canonicalize.ts'
import { createClientIdentifier } from '../../src/request/client-identity.ts'
import { createHeadReader } from '../../src/request/request-head.ts'
import type { RequestView } from '../../src/request/request-view.ts'
import { RouteCatalog } from '../../src/request/route-catalog.ts'

const { request: limits } = configSchema.parse({})
const catalog = new RouteCatalog({ ...limits, maxServices: 100 })
const identifier = createClientIdentifier({
  principalHeader: null,
  apiKeyHeaders: [],
  sessionCookies: [],
  trustedProxies: [],
  hashKey: 'test',
})
const readHead = createHeadReader({
  catalog,
  identifier,
  principalHeader: null,
  apiKeyHeaders: [],
  maxDecodeDepth: limits.maxDecodeDepth,
})
const canonicalizer = createCanonicalizer({ limits, catalog })

/** The real canonical form of a request. */
export const canonicalRequest = (view: RequestView): CanonicalRequest => canonicalizer(view, readHead(view))

type Parts = {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string
}

export function viewOf({ method = 'GET', target = '/', headers = [], body }: Parts): RequestView {
  return {
    method,
    target,
    rawHeaders: ['host', 'shop.example', ...headers.flat()],
    body: body === undefined ? null : Buffer.from(body),
    isBodyCut: false,
    remoteAddress: '192.0.2.1',
    receivedAtMs: 0,
  }
}

export function inspect(innate: Innate, view: RequestView): readonly Finding[] {
  const findings: Finding[] = []
  innate.inspect(canonicalRequest(view), findings)
  return findings
}
