import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'

/** What went wrong with a call, for programs. Each is a stable word. */
export type ProblemCode =
  | 'bad-input'
  | 'body-too-large'
  | 'bad-media-type'
  | 'not-signed-in'
  | 'wrong-credentials'
  | 'too-many-attempts'
  | 'csrf'
  | 'cross-site'
  | 'unexpected-host'
  | 'no-such-path'
  | 'no-such-thing'
  | 'fault'

/** A refused call as a value; the error handler writes it. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly errors: readonly InputError[]

  constructor(status: number, code: ProblemCode, options: { detail: string; errors?: readonly InputError[] }) {
    super(options.detail)
    this.status = status
    this.code = code
    this.detail = options.detail
    this.errors = options.errors ?? []
  }
}

/** One member of the input that is not as expected. */
export type InputError = { readonly path: string; readonly message: string }

const titles: Readonly<Record<number, string>> = {
  400: 'Bad input',
  401: 'Not signed in',
  403: 'Refused',
  404: 'Not found',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Unexpected host',
  429: 'Too many attempts',
  500: 'Fault',
}

/** RFC 9457. */
export function writeProblem(response: Response, problem: Problem): void {
  const { status, code, detail, errors } = problem
  const title = titles[status] ?? 'Refused'
  const body = { type: 'about:blank', title, status, code, detail, ...(errors.length > 0 ? { errors } : {}) }
  response.status(status).type('application/problem+json').send(JSON.stringify(body))
}

/** Faults of the body reader carry a status and a type. */
function problemOf(thrown: unknown): Problem | undefined {
  if (thrown instanceof Problem) return thrown
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined
  if (status === 413) return new Problem(413, 'body-too-large', { detail: 'The body is larger than 64 KB.' })
  if (status === 415)
    return new Problem(415, 'bad-media-type', { detail: 'The body has an encoding that is not read here.' })
  if (status === 400) return new Problem(400, 'bad-input', { detail: 'The request is not well-formed.' })
  return undefined
}

/** Writes every failure; what is not expected is reported inside and says nothing outside. */
export function createErrorHandler(emit: EventListener): ErrorRequestHandler {
  return function handleError(thrown: unknown, _request, response, _next) {
    const known = problemOf(thrown)
    if (known === undefined) emit({ kind: 'fault', layer: 'engine', message: `admin listener: ${messageOf(thrown)}` })
    if (response.headersSent) {
      response.destroy()
      return
    }
    writeProblem(response, known ?? new Problem(500, 'fault', { detail: 'The call failed; the log says why.' }))
  }
}

export const refuseUnknownPath: RequestHandler = (_request, response) => {
  writeProblem(response, new Problem(404, 'no-such-path', { detail: 'There is nothing under this path.' }))
}
