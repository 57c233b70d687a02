import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { AdminContext } from './context.ts'
import { sessionIdOf } from './cookie.ts'
import { apiBase, type Endpoint, expressPath, notSignedIn } from './endpoint.ts'
import { Problem } from './problem.ts'
import { isCsrfToken } from './sessions.ts'

export const csrfHeader = 'x-csrf-token'
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Nothing from elsewhere, nothing inline, nothing framed. No HSTS: TLS belongs to the proxy in front. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
      'require-trusted-types-for': ["'script'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
})

/** The name in a Host header, without port and brackets; `undefined` when it is not one name. */
function hostNameOf(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

/**
 * Refuses names that nobody configured: a page that rebinds its own name to this address (DNS rebinding) always sends a
 * name. Addresses and loopback names cannot be rebound.
 */
export function createHostGuard(names: readonly string[]): RequestHandler {
  const expected = new Set(names.map((name) => name.toLowerCase()))
  return function checkHost(request, _response, next) {
    const name = hostNameOf(request.headers.host)
    const isExpected =
      name !== undefined &&
      (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || expected.has(name))
    if (!isExpected) {
      throw new Problem(421, 'unexpected-host', { detail: 'The Host header does not name this listener.' })
    }
    next()
  }
}

/**
 * Calls that change something must come from the dashboard's own origin. Sec-Fetch-Site is written by the browser alone
 * and right behind a proxy too; Origin is compared where it is missing. Programs send neither.
 */
export const refuseCrossSite: RequestHandler = function refuseCrossSite(request, _response, next) {
  if (safeMethods.has(request.method)) return next()
  const site = request.headers['sec-fetch-site']
  const { origin, host } = request.headers
  const isForeign =
    site === undefined
      ? origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
      : site !== 'same-origin' && site !== 'none'
  if (isForeign) throw new Problem(403, 'cross-site', { detail: 'The call comes from another site.' })
  next()
}

/** Everything below needs a session, but for the operations that say `public`; everything that changes, the token too. */
export function createSessionGuard(context: AdminContext, operations: readonly Endpoint[]): RequestHandler {
  const open = new Set(
    operations
      .filter((one) => one.access === 'public')
      .map((one) => `${one.method.toUpperCase()} ${expressPath(one.path)}`),
  )
  return function requireSession(request, _response, next) {
    if (open.has(`${request.method} ${request.path}`)) return next()
    const session = context.sessionOf(request)
    if (session === null) throw notSignedIn()
    if (!safeMethods.has(request.method) && !isCsrfToken(session, request.get(csrfHeader))) {
      throw new Problem(403, 'csrf', { detail: `The ${csrfHeader} header is missing or not the one of this session.` })
    }
    next()
  }
}

/** The session of a request, looked up once. */
export function createSessionReader(sessions: AdminContext['sessions']): AdminContext['sessionOf'] {
  return (request) => {
    const id = sessionIdOf(request)
    return id === undefined ? null : (sessions.find(id) ?? null)
  }
}

/** Answers of the API are for this moment and this person only. */
export const forbidCaching: RequestHandler = (request, response, next) => {
  if (request.path.startsWith(apiBase)) response.setHeader('cache-control', 'no-store')
  next()
}
