import { type Config, configSchema } from '../../src/config/schema.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import { createCanonicalizer } from '../../src/request/canonicalize.ts'
import { createClientIdentifier } from '../../src/request/client-identity.ts'
import { createHeadReader } from '../../src/request/request-head.ts'
import type { RequestView } from '../../src/request/request-view.ts'
import { RouteCatalog } from '../../src/request/route-catalog.ts'

/** A request in the words of a test. */
export type Sketch = {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly host?: string
  readonly type?: string
  readonly body?: string | Uint8Array
  readonly address?: string
  readonly atMs?: number
  readonly isBodyCut?: boolean
}

export function viewOf(sketch: Sketch): RequestView {
  const type = sketch.type === undefined ? [] : [['Content-Type', sketch.type] as const]
  return {
    method: sketch.method ?? (sketch.body === undefined ? 'GET' : 'POST'),
    target: sketch.target ?? '/',
    rawHeaders: [['Host', sketch.host ?? 'api.test'] as const, ...type, ...(sketch.headers ?? [])].flat(),
    body: sketch.body === undefined ? null : Buffer.from(sketch.body as string),
    isBodyCut: sketch.isBodyCut ?? false,
    remoteAddress: sketch.address ?? '192.0.2.1',
    receivedAtMs: sketch.atMs ?? 0,
  }
}

/** The real reading of requests over one catalogue. */
export function createReader(limits: Partial<Config['request']> = {}): {
  readonly catalog: RouteCatalog
  readonly read: (sketch: Sketch) => CanonicalRequest
} {
  const config = configSchema.parse({ request: limits })
  const catalog = new RouteCatalog({ ...config.request, maxServices: 8 })
  const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [], hashKey: 'test' })
  const readHead = createHeadReader({ ...config.identity, ...config.request, catalog, identifier })
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  return {
    catalog,
    read: (sketch) => {
      const view = viewOf(sketch)
      return canonicalize(view, readHead(view))
    },
  }
}

/** Fields as `location:name=value`, headers and whole path left out: what most tests look at. */
export function fieldsOf(request: CanonicalRequest): string[] {
  return request.fields
    .filter(({ location, name }) => location !== 'header' && name !== '*')
    .map(({ location, name, value }) => `${location}:${name}=${value}`)
}
