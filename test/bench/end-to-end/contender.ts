/**
 * A server under test, in a process of its own. Told by its parent what to be; answers questions about its CPU time.
 *
 *   node contender.ts bare-proxy|gateway|bare-express|middleware [upstream URL]
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createThymus, type Thymus } from '../../../src/app.ts'
import { createGateway } from '../../../src/gateway/gateway.ts'
import { createExpressMiddleware } from '../../../src/middleware/express.ts'
import { createBareProxy } from '../gateway/bare-proxy.ts'
import { type LoadRequest, makeLoad } from './loads.ts'

const [kind = '', upstream = ''] = process.argv.slice(2)
const answer = Buffer.from(JSON.stringify({ status: 'ok', items: [1, 2, 3], note: 'a small answer' }))

/** Profiles that have seen enough of every field, taught as a person would from recorded traffic. */
async function maturedThymus(port: number): Promise<Thymus> {
  const thymus = await createThymus(
    {
      mode: 'enforce',
      upstream: upstream === '' ? null : upstream,
      listen: { host: '127.0.0.1', port },
      innate: { requestsPerSecond: 1e9, burst: 1_000_000_000, routeRequestsPerSecond: 1e9, routeBurst: 1_000_000_000 },
      telemetry: { level: 'error' },
    },
    { isPersistent: false },
  )
  const { readHead, canonicalize, adaptive } = thymus.parts()
  for (const request of makeLoad('c', 4_000, 7)) {
    const view = viewOf(request)
    adaptive.learnVetted(canonicalize(view, readHead(view)))
  }
  return thymus
}

function viewOf(request: LoadRequest): Parameters<Thymus['engine']['inspect']>[0] {
  return {
    method: request.method,
    target: request.path,
    rawHeaders: Object.entries(request.headers).flat(),
    body: request.body === undefined ? null : Buffer.from(request.body),
    isBodyCut: false,
    remoteAddress: '127.0.0.1',
    receivedAtMs: Date.now(),
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** The same application with and without Thymus in front of it. */
function application(before: express.RequestHandler[]): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  for (const handler of before) app.use(handler)
  app.use(express.json())
  app.get('/catalogue/:id', (_req, res) => {
    res.type('application/json').send(answer)
  })
  app.post('/orders', (_req, res) => {
    res.type('application/json').send(answer)
  })
  return app
}

async function start(): Promise<number> {
  if (kind === 'bare-proxy') return listen(createBareProxy(upstream).server)
  if (kind === 'bare-express') return listen(createServer(application([])))
  const thymus = await maturedThymus(0)
  const { engine, clock, events } = thymus
  const config = thymus.config()
  if (kind === 'gateway') {
    const gateway = createGateway({ config, engine, clock, emit: events.emit, upstream })
    return (await gateway.listen()).port
  }
  const middleware = createExpressMiddleware(engine, { config, clock, emit: events.emit })
  return listen(createServer(application([middleware])))
}

process.on('message', () => {
  process.send?.({ cpuUs: process.cpuUsage().user + process.cpuUsage().system, rssBytes: process.memoryUsage.rss() })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: await start() })
