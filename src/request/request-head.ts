import { BoundedMap } from '../core/bounded-map.ts'
import type { Client } from '../core/client.ts'
import type { Catalog } from './catalog.ts'
import type { ClientIdentifier, IdentityHints } from './client-identity.ts'
import { type PlainPath, queryStart, readPath, targetPath } from './path.ts'
import type { RequestView } from './request-view.ts'
import type { Route } from './route.ts'

/** What the head of a request tells before its body is read. */
export type RequestHead = {
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

export type HeadReader = (view: RequestView) => RequestHead

const maxHeaderNames = 2_000
const maxServiceLength = 80

/** Reads heads; header names are folded once and kept. */
export function createHeadReader(options: {
  readonly catalog: Catalog
  readonly identifier: ClientIdentifier
  readonly principalHeader: string | null
  readonly apiKeyHeaders: readonly string[]
  readonly maxDecodeDepth: number
}): HeadReader {
  const lowerNames = new BoundedMap<string, string>(maxHeaderNames)
  const principalHeader = options.principalHeader?.toLowerCase() ?? null
  const apiKeyHeaders = new Set(options.apiKeyHeaders.map((name) => name.toLowerCase()))

  const lowerCase = (name: string): string => {
    const known = lowerNames.peek(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    lowerNames.set(name, lower)
    return lower
  }

  return (view) => {
    const { rawHeaders } = view
    const headerNames: string[] = []
    let host = ''
    let contentType = ''
    let authorization: string | null = null
    let cookie: string | null = null
    let userAgent = ''
    let forwardedFor: string | null = null
    let principal: string | null = null
    let apiKey: string | null = null
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = lowerCase(rawHeaders[index] ?? '')
      const value = rawHeaders[index + 1] ?? ''
      headerNames.push(name)
      if (name === 'host') host = value
      else if (name === 'content-type') contentType = value
      else if (name === 'authorization') authorization = value
      else if (name === 'cookie') cookie = cookie === null ? value : `${cookie}; ${value}`
      else if (name === 'user-agent') userAgent = value
      else if (name === 'x-forwarded-for') forwardedFor = forwardedFor === null ? value : `${forwardedFor}, ${value}`
      else if (name === principalHeader) principal = value
      else if (apiKeyHeaders.has(name)) apiKey = value
    }
    const service = serviceName(host)
    const path = readPath(targetPath(view.target), options.maxDecodeDepth)
    const hints = { authorization, cookie, userAgent, forwardedFor, principal, apiKey }
    return {
      service,
      path,
      query: view.target.slice(queryStart(view.target) + 1),
      route: options.catalog.match(service, view.method, path.resolved),
      client: options.identifier.identify(view, hints),
      hints,
      contentType,
      headerNames,
    }
  }
}

/** The service that a Host header names: lower case, without the port, capped. */
function serviceName(host: string): string {
  const colon = host.lastIndexOf(':')
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host
  return name.slice(0, maxServiceLength).toLowerCase() || '-'
}
