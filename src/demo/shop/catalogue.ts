import express, { type Router } from 'express'
import { fail, pageOf, readWhole } from './answers.ts'
import type { Product, Shop } from './shop.ts'

const perPage = 20

/** Ways to sort, which are all that the `sort` parameter takes. */
const comparators = new Map<string, (left: Product, right: Product) => number>([
  ['title', (left, right) => left.title.localeCompare(right.title)],
  ['price', (left, right) => left.priceCents - right.priceCents],
  ['-price', (left, right) => right.priceCents - left.priceCents],
])

/** Free-text search and product pages, open to everybody. */
export function catalogueRoutes(shop: Shop): Router {
  const router = express.Router()
  router.get('/catalogue', (request, response) => {
    const { q = '', sort = 'title' } = request.query
    const page = readWhole(request.query['page'], { least: 1, most: 10_000, fallback: 1 })
    const maxPrice = readWhole(request.query['maxPrice'], { least: 0, most: 1_000_000, fallback: 1_000_000 })
    const compare = comparators.get(String(sort))
    if (page === undefined || maxPrice === undefined)
      return fail(response, 400, 'page or maxPrice is not a number in range')
    if (compare === undefined) return fail(response, 400, `sort is one of ${[...comparators.keys()].join(', ')}`)
    const words = String(q).toLowerCase().split(/\s+/)
    const found = [...shop.products.values()].filter(
      (product) => product.priceCents <= maxPrice && words.some((word) => product.title.toLowerCase().includes(word)),
    )
    response.json({ q, ...pageOf(found.sort(compare), page, perPage) })
  })
  router.get('/catalogue/:sku', (request, response) => {
    const product = shop.products.get(request.params.sku)
    if (product === undefined) return fail(response, 404, 'no such product')
    response.json(product)
  })
  return router
}
