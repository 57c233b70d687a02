import express, { type ErrorRequestHandler, type Express } from 'express'
import { accountRoutes } from './shop/accounts.ts'
import { fail } from './shop/answers.ts'
import { catalogueRoutes } from './shop/catalogue.ts'
import { documentRoutes } from './shop/documents.ts'
import { orderRoutes } from './shop/orders.ts'
import { createShop } from './shop/shop.ts'

/** A small shop as people write them with Express: the API that the demo protects. Its state lives in memory. */
export function createDemoApi(): Express {
  const shop = createShop()
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(express.json({ limit: '100kb' }))
  app.use(express.urlencoded({ extended: false, limit: '20kb' }))
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })
  app.use('/api', accountRoutes(shop), catalogueRoutes(shop), orderRoutes(shop), documentRoutes(shop))
  app.use((_request, response) => fail(response, 404, 'no such page'))
  app.use(answerFault)
  return app
}

/** Bodies that do not parse come here with a status of their own; anything else is our mistake. */
const answerFault: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  fail(response, status, status < 500 ? 'the body cannot be read' : 'internal error')
}
