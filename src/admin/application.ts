import express, { type Express } from 'express'
import type { AdminContext } from './context.ts'
import { locateDashboard, serveDashboard } from './dashboard-files.ts'
import { apiBase, type Endpoint, serve } from './endpoint.ts'
import { cellEndpoints } from './endpoints/cells.ts'
import { clientEndpoints } from './endpoints/clients.ts'
import { deployEndpoints } from './endpoints/deploys.ts'
import { detectorEndpoints } from './endpoints/detectors.ts'
import { findingEndpoints } from './endpoints/findings.ts'
import { modelEndpoints } from './endpoints/models.ts'
import { sessionEndpoints } from './endpoints/session.ts'
import { stateEndpoints } from './endpoints/state.ts'
import { toleranceEndpoints } from './endpoints/tolerances.ts'
import { createHostGuard, createSessionGuard, forbidCaching, refuseCrossSite, securityHeaders } from './guards.ts'
import { describeApi, type OpenApiDocument } from './openapi.ts'
import { serveHealth, serveOperations } from './operations.ts'
import { createErrorHandler, refuseUnknownPath } from './problem.ts'

const maxBodyBytes = 64 * 1_024

export type Application = {
  readonly app: Express
  readonly operations: readonly Endpoint[]
  readonly document: OpenApiDocument
}

/** Every operation of the API. */
export function listOperations(context: AdminContext): readonly Endpoint[] {
  return [
    ...sessionEndpoints(context),
    ...stateEndpoints(context),
    ...findingEndpoints(context),
    ...clientEndpoints(context),
    ...cellEndpoints(context),
    ...toleranceEndpoints(context),
    ...deployEndpoints(context),
    ...detectorEndpoints(context),
    ...modelEndpoints(context),
  ]
}

/**
 * The order is the access policy: what stands above the session guard is open, everything below is not.
 *
 *   headers -> /healthz -> host -> /readyz /metrics -> dashboard files -> cross-site -> session + token -> body -> API
 */
export function createApplication(context: AdminContext): Application {
  const { deps } = context
  const operations = listOperations(context)
  const document = describeApi(operations, deps.version)
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', 'simple')
  app.set('etag', false)
  app.use(securityHeaders, forbidCaching)
  serveHealth(app)
  app.use(createHostGuard([deps.config.admin.host, ...(deps.hostNames ?? [])]))
  serveOperations(app, deps)
  serveDashboard(app, deps.dashboardDir ?? locateDashboard())
  app.use(refuseCrossSite, createSessionGuard(context, operations))
  app.use(express.json({ limit: maxBodyBytes, strict: true }))
  app.get(`${apiBase}/openapi.json`, (_request, response) => {
    response.json(document)
  })
  for (const operation of operations) serve(app, context, operation)
  app.use(refuseUnknownPath)
  app.use(createErrorHandler(deps.events.emit))
  return { app, operations, document }
}
