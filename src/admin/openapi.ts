import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { sessionCookie } from './cookie.ts'
import { apiBase, type Endpoint } from './endpoint.ts'
import { csrfHeader } from './guards.ts'
import { problemView } from './schemas.ts'

export type OpenApiDocument = ReturnType<typeof createDocument>

const problemTexts: Readonly<Record<number, string>> = {
  400: 'The input is not as expected.',
  401: 'There is no session, or the sign-in failed.',
  403: 'The call comes from another site, or the CSRF token is missing.',
  404: 'There is no such thing.',
  429: 'Too many failed sign-ins; Retry-After says how long to wait.',
}

function problems(statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: problemTexts[status] ?? 'The call failed.',
        content: { 'application/problem+json': { schema: problemView } },
      },
    ]),
  )
}

function operationOf(one: Endpoint): ZodOpenApiOperationObject {
  const isUnsafe = one.method !== 'get'
  const needsToken = isUnsafe && one.access === 'session'
  return {
    operationId: one.id,
    summary: one.summary,
    tags: [one.tag],
    security: one.access === 'public' ? [] : [needsToken ? { session: [], csrf: [] } : { session: [] }],
    requestParams: {
      ...(Object.keys(one.params.shape).length > 0 ? { path: one.params } : {}),
      ...(Object.keys(one.query.shape).length > 0 ? { query: one.query } : {}),
    },
    ...(one.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: one.body } } } }),
    responses: {
      [String(one.status)]: { description: one.summary, content: { 'application/json': { schema: one.reply } } },
      ...problems([400, 401, ...(isUnsafe ? [403] : []), ...one.problems]),
    },
  }
}

const readyReply = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'Readiness' })

function operationalPaths(): ZodOpenApiPathsObject {
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
  const common = { tags: ['operation'], security: [] }
  return {
    '/healthz': {
      get: {
        ...common,
        operationId: 'getHealth',
        summary: 'Whether the process runs.',
        responses: { '200': { description: 'It runs.', content: json(z.object({ live: z.literal(true) })) } },
      },
    },
    '/readyz': {
      get: {
        ...common,
        operationId: 'getReadiness',
        summary: 'Whether traffic should come.',
        responses: {
          '200': { description: 'Everything is there.', content: json(readyReply) },
          '503': { description: 'Something is missing; the checks say what.', content: json(readyReply) },
        },
      },
    },
    '/metrics': {
      get: {
        ...common,
        operationId: 'getMetrics',
        summary: 'Metrics in the Prometheus text format.',
        responses: { '200': { description: 'The metrics.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    [`${apiBase}/openapi.json`]: {
      get: {
        tags: ['operation'],
        security: [{ session: [] }],
        operationId: 'getOpenApi',
        summary: 'This document.',
        responses: { '200': { description: 'This document.', content: json(z.object({ openapi: z.string() })) } },
      },
    },
  }
}

/** Made from the very operations that are served. */
export function describeApi(operations: readonly Endpoint[], version: string): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = operationalPaths()
  for (const one of operations) {
    const path = `${apiBase}${one.path}`
    paths[path] = { ...paths[path], [one.method]: operationOf(one) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Thymus admin API',
      version,
      description: 'Reviews findings, releases clients and shows what was learned. Times are epoch milliseconds.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        csrf: { type: 'apiKey', in: 'header', name: csrfHeader },
      },
    },
  })
}
