import { z } from 'zod'
import type { AdminContext } from '../context.ts'
import { clearSessionCookie, sessionIdOf, setSessionCookie } from '../cookie.ts'
import { maxPasswordLength } from '../credentials.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { sessionView } from '../schemas.ts'

const signInBody = z
  .strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(maxPasswordLength) })
  .meta({ id: 'SignIn' })

function signIn(context: AdminContext): Endpoint {
  return endpoint({
    id: 'signIn',
    method: 'post',
    path: '/session',
    tag: 'session',
    summary: 'Sign in; the answer sets the session cookie.',
    access: 'public',
    body: signInBody,
    reply: sessionView,
    status: 201,
    problems: [429],
    handle: async ({ body, request, response }) => {
      const address = request.socket.remoteAddress ?? 'unknown'
      const waitMs = context.signInLimit.take(address)
      if (waitMs > 0) {
        context.audit('nobody', 'sign-in-delayed', address)
        const seconds = Math.ceil(waitMs / 1_000)
        response.setHeader('retry-after', String(seconds))
        throw new Problem(429, 'too-many-attempts', {
          detail: `Too many failed sign-ins. Try again in ${seconds} seconds.`,
        })
      }
      if (!(await context.credentials.verify(body.user, body.password))) {
        context.audit('nobody', 'sign-in-failed', address)
        throw new Problem(401, 'wrong-credentials', { detail: 'The name or the password is wrong.' })
      }
      context.signInLimit.succeeded(address)
      const before = sessionIdOf(request)
      if (before !== undefined) context.sessions.revoke(before)
      const { id, session } = context.sessions.open(body.user)
      setSessionCookie(request, response, { id, ttlMs: context.deps.config.admin.sessionTtlMs })
      context.audit(session.user, 'sign-in', address)
      return session
    },
  })
}

export function sessionEndpoints(context: AdminContext): readonly Endpoint[] {
  return [
    signIn(context),
    endpoint({
      id: 'whoAmI',
      method: 'get',
      path: '/session',
      tag: 'session',
      summary: 'Who is signed in, and the token for changes; null when nobody is.',
      access: 'public',
      reply: z.object({ session: sessionView.nullable() }),
      handle: ({ session }) => ({ session }),
    }),
    endpoint({
      id: 'signOut',
      method: 'delete',
      path: '/session',
      tag: 'session',
      summary: 'Sign out: the session ends at once.',
      reply: z.object({ signedOut: z.literal(true) }),
      handle: ({ actor, request, response }) => {
        const id = sessionIdOf(request)
        if (id !== undefined) context.sessions.revoke(id)
        clearSessionCookie(request, response)
        context.audit(actor, 'sign-out', actor)
        return { signedOut: true as const }
      },
    }),
  ]
}
