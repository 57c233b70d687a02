import { createThymus, type Thymus, type ThymusOptions } from './app.ts'
import type { ConfigInput } from './config/schema.ts'
import { createExpressMiddleware, type ExpressMiddleware } from './middleware/express.ts'

/** Middleware that brings its own Thymus; requests wait for the moment in which it has opened its storage. */
export type ThymusMiddleware = ExpressMiddleware & {
  /** Resolves when the first request can be inspected; rejects when configuration, rules or data folder are unusable. */
  readonly ready: Promise<Thymus>
  /** Writes what is to outlive the process and stops all timers. */
  readonly close: () => Promise<void>
}

/**
 * Protects an Express 4 or 5 application from the inside.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { thymus } from 'thymus/express'
 *
 * const app = express()
 * app.use(thymus({ mode: 'monitor' }))
 * ```
 */
export function thymus(config: ConfigInput = {}, options: ThymusOptions = {}): ThymusMiddleware {
  let inner: ExpressMiddleware | undefined
  const ready = createThymus(config, options).then((made) => {
    inner = createExpressMiddleware(made.engine, { config: made.config(), clock: made.clock, emit: made.events.emit })
    return made
  })
  // Whoever awaits `ready` gets the reason; without that it reaches the first request through `next`.
  ready.catch(() => undefined)
  const middleware: ExpressMiddleware = function thymus(req, res, next) {
    if (inner !== undefined) inner(req, res, next)
    else ready.then(() => inner?.(req, res, next), next)
  }
  return Object.assign(middleware, { ready, close: async () => (await ready).close() })
}
