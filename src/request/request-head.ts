import { BoundedMap } from '../core/bounded-map.ts'
import type { Client } from '../core/client.ts'
import type { Catalog } from './catalog.ts'
import type { ClientIdentifier, IdentityHints } from './client-identity.ts'
import { type PlainPath, queryStart, readPath, targetPath } from './path.ts'
import type { RequestView } from './request-view.ts'
import type { Route } from './route.ts'

/** What the head of a request tells before its body is read. */
export type RequestHead = {
  /** The service that the Host header names. The route may belong to another one, see `ServiceResolver`. */
  readonly service: string
  readonly path: PlainPath
  /** Query without `?`, as received. */
  readonly query: string
  readonly route: Route
  readonly client: Client
  readonly hints: IdentityHints
  readonly contentType: string
  /** Lower-case header names in wire order, one for each pair of `rawHeaders`. */
  readonly headerNames: readonly string[]
}

/**
 * The service whose self a named host is compared with: itself once enough is known of it, else the best known one, so
 * that nobody leaves what was learned behind by making up a Host header.
 */
export type ServiceResolver = (named: string) => string

export type HeadReader = (view: RequestView) => RequestHead

const maxHeaderNames = 2_000
const maxServiceLength = 80

/** What a header is to the head; most are nothing to it. */
type Role =
  | 'host'
  | 'content-type'
  | 'authorization'
  | 'cookie'
  | 'user-agent'
  | 'x-forwarded-for'
  | 'principal'
  | 'key'
type HeaderName = { readonly lower: string; readonly role: Role | null }
type Gathered = { -readonly [K in keyof IdentityHints]: IdentityHints[K] } & { host: string; contentType: string }

/** Reads heads; header names are folded and given their role once, and kept. */
export function createHeadReader(options: {
  readonly catalog: Catalog
  readonly identifier: ClientIdentifier
  readonly principalHeader: string | null
  readonly apiKeyHeaders: readonly string[]
  readonly maxDecodeDepth: number
  readonly resolveService?: ServiceResolver
}): HeadReader {
  const resolveService = options.resolveService ?? ((named) => named)
  const nameOf = createHeaderNames(options)
  return (view) => {
    const { rawHeaders } = view
    const headerNames: string[] = []
    const gathered = emptyHead()
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = nameOf(rawHeaders[index] ?? '')
      headerNames.push(name.lower)
      if (name.role !== null) gather(gathered, name.role, rawHeaders[index + 1] ?? '')
    }
    const service = serviceName(gathered.host)
    const path = readPath(targetPath(view.target), options.maxDecodeDepth)
    return {
      service,
      path,
      query: view.target.slice(queryStart(view.target) + 1),
      route: options.catalog.match(resolveService(service), view.method, path.resolved),
      client: options.identifier.identify(view, gathered),
      hints: gathered,
      contentType: gathered.contentType,
      headerNames,
    }
  }
}

function createHeaderNames(options: {
  readonly principalHeader: string | null
  readonly apiKeyHeaders: readonly string[]
}): (name: string) => HeaderName {
  const known = new BoundedMap<string, HeaderName>(maxHeaderNames)
  const roles = new Map<string, Role>()
  for (const name of ['host', 'content-type', 'authorization', 'cookie', 'user-agent', 'x-forwarded-for'] as const) {
    roles.set(name, name)
  }
  for (const name of options.apiKeyHeaders) roles.set(name.toLowerCase(), 'key')
  if (options.principalHeader !== null) roles.set(options.principalHeader.toLowerCase(), 'principal')
  return (name) => {
    const seen = known.peek(name)
    if (seen !== undefined) return seen
    const lower = name.toLowerCase()
    const made = { lower, role: roles.get(lower) ?? null }
    known.set(name, made)
    return made
  }
}

function emptyHead(): Gathered {
  return {
    host: '',
    contentType: '',
    authorization: null,
    cookie: null,
    userAgent: '',
    forwardedFor: null,
    principal: null,
    apiKey: null,
  }
}

function gather(head: Gathered, role: Role, value: string): void {
  if (role === 'host') head.host = value
  else if (role === 'content-type') head.contentType = value
  else if (role === 'authorization') head.authorization = value
  else if (role === 'cookie') head.cookie = head.cookie === null ? value : `${head.cookie}; ${value}`
  else if (role === 'user-agent') head.userAgent = value
  else if (role === 'principal') head.principal = value
  else if (role === 'key') head.apiKey = value
  else head.forwardedFor = head.forwardedFor === null ? value : `${head.forwardedFor}, ${value}`
}

/** The service that a Host header names: lower case, without the port, capped. */
function serviceName(host: string): string {
  const colon = host.lastIndexOf(':')
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host
  return name.slice(0, maxServiceLength).toLowerCase() || '-'
}
