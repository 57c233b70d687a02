import type { Express } from 'express'
import type { AdminDependencies } from './dependencies.ts'

/** What orchestrators and Prometheus ask for, without a session: it names no client and no customer data. */
export function serveHealth(app: Express): void {
  app.get('/healthz', (_request, response) => {
    response.json({ live: true })
  })
}

export function serveOperations(app: Express, deps: AdminDependencies): void {
  app.get('/readyz', (_request, response) => {
    const { ready, checks } = deps.readiness()
    response.status(ready ? 200 : 503).json({ ready, checks })
  })
  app.get('/metrics', async (_request, response) => {
    const { contentType, text } = await deps.metricsText()
    response.setHeader('content-type', contentType)
    response.end(text)
  })
}
