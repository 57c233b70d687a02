/**
 * A server under test, in a process of its own. Told by its parent what to be; answers questions about its CPU time.
 *
 *   node contender.ts bare-proxy|gateway|bare-express|middleware [upstream URL]
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createGateway } from '../../../src/gateway/gateway.ts'
import { createExpressMiddleware } from '../../../src/middleware/express.ts'
import { createBareProxy } from '../gateway/bare-proxy.ts'
import { maturedThymus } from '../matured.ts'

const [kind = '', upstream = ''] = process.argv.slice(2)
const answer = Buffer.from(JSON.stringify({ status: 'ok', items: [1, 2, 3], note: 'a small answer' }))

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
  const thymus = await maturedThymus(upstream === '' ? null : upstream)
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
