import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import type { AdminContext } from './context.ts'
import { Problem } from './problem.ts'
import type { Session } from './sessions.ts'

const nothing = z.strictObject({})
type Nothing = typeof nothing

/** The same form with nothing to write to: what the rooms hand out is read-only. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

/** What a call brought, parsed. */
export type Call<P, Q, B> = {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly actor: string
  readonly session: Session | null
  readonly request: Request
  readonly response: Response
}

/** One operation of the API: what it takes, what it answers, what it does. The OpenAPI document is made from the same. */
export type EndpointSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> = {
  readonly id: string
  readonly method: 'get' | 'post' | 'delete'
  /** OpenAPI form below `/api/v1`: `/clients/{clientId}/release`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** `public` operations are the only ones without a session. */
  readonly access?: 'session' | 'public'
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply: R
  readonly status?: 200 | 201
  /** Statuses of problems beyond those that every operation may answer. */
  readonly problems?: readonly (404 | 429)[]
  readonly handle: (
    call: Call<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Frozen<z.input<R>> | Promise<Frozen<z.input<R>>>
}

/** An operation whose input types are closed over. */
export type Endpoint = {
  readonly id: string
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly access: 'session' | 'public'
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body: z.ZodType | null
  readonly reply: z.ZodType
  readonly status: 200 | 201
  readonly problems: readonly (404 | 429)[]
  readonly run: (request: Request, response: Response, session: Session | null) => Promise<unknown>
}

export const apiBase = '/api/v1'

/** Parses or throws a problem that names each member that is not as expected. */
function parse<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: [where, ...issue.path.map(String)].join('.'), message: issue.message }))
  throw new Problem(400, 'bad-input', { detail: `The ${where} of the request is not as expected.`, errors })
}

export function endpoint<
  R extends z.ZodType,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(spec: EndpointSpec<P, Q, B, R>): Endpoint {
  const params = spec.params ?? nothing
  const query = spec.query ?? nothing
  const body = spec.body ?? null
  return {
    id: spec.id,
    method: spec.method,
    path: spec.path,
    tag: spec.tag,
    summary: spec.summary,
    access: spec.access ?? 'session',
    params,
    query,
    body,
    reply: spec.reply,
    status: spec.status ?? 200,
    problems: spec.problems ?? [],
    run: async (request, response, session) => {
      if (body !== null && request.is('application/json') === false) {
        throw new Problem(415, 'bad-media-type', { detail: 'Send the body as application/json.' })
      }
      return spec.handle({
        params: parse(params, request.params, 'path') as z.output<P>,
        query: parse(query, request.query, 'query') as z.output<Q>,
        body: (body === null ? undefined : parse(body, request.body ?? {}, 'body')) as z.output<B>,
        actor: session?.user ?? 'nobody',
        session,
        request,
        response,
      })
    },
  }
}

/** The Express form of an OpenAPI path. */
export function expressPath(path: string): string {
  return `${apiBase}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`
}

/** Serves an operation. Access was checked before; it is checked again here so that no order of routes can undo it. */
export function serve(app: Express, context: AdminContext, operation: Endpoint): void {
  app[operation.method](expressPath(operation.path), async function handleCall(request, response) {
    const session = context.sessionOf(request)
    if (operation.access === 'session' && session === null) throw notSignedIn()
    const reply = await operation.run(request, response, session)
    response.status(operation.status).json(reply)
  })
}

export function notSignedIn(): Problem {
  return new Problem(401, 'not-signed-in', { detail: 'Sign in first.' })
}
