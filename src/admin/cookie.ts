import type { Request, Response } from 'express'

export const sessionCookie = 'thymus_session'

/** The session id that a request carries. The first cookie of the name counts. */
export function sessionIdOf(request: Request): string | undefined {
  const prefix = `${sessionCookie}=`
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const trimmed = pair.trim()
    if (trimmed.startsWith(prefix)) return trimmed.slice(prefix.length)
  }
  return undefined
}

/** TLS ends at a proxy in front; a client that lies here only changes its own cookie. */
function isSecure(request: Request): boolean {
  return request.headers['x-forwarded-proto'] === 'https'
}

export function setSessionCookie(request: Request, response: Response, options: { id: string; ttlMs: number }): void {
  response.cookie(sessionCookie, options.id, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    maxAge: options.ttlMs,
    secure: isSecure(request),
  })
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(sessionCookie, { httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure(request) })
}
