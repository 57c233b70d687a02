import express, { type Router } from 'express'
import { signedIn } from './accounts.ts'
import { type Fields, fail, pageOf, readFields, readWhole } from './answers.ts'
import type { Order, OrderItem, Recipient, Shop } from './shop.ts'

const sorts = ['newest', 'oldest', 'total'] as const
const statuses = ['open', 'shipped', 'delivered']
const viewable = ['id', 'status', 'items', 'recipient', 'giftNote', 'totalCents']

/** Orders: the list of one's own, one by number, and new ones. */
export function orderRoutes(shop: Shop): Router {
  const router = express.Router()
  router.get('/orders', (request, response) => {
    const customer = signedIn(shop, request, response)
    if (customer === undefined) return
    const { status, sort = 'newest' } = request.query
    const page = readWhole(request.query['page'], { least: 1, most: 10_000, fallback: 1 })
    const perPage = readWhole(request.query['perPage'], { least: 1, most: 100, fallback: 20 })
    if (page === undefined || perPage === undefined)
      return fail(response, 400, 'page or perPage is not a number in range')
    if (!sorts.some((known) => known === sort)) return fail(response, 400, `sort is one of ${sorts.join(', ')}`)
    if (status !== undefined && !statuses.includes(String(status))) return fail(response, 400, 'unknown status')
    const own = [...shop.orders.values()].filter(
      (order) => order.customerId === customer.id && (status === undefined || order.status === status),
    )
    response.json(pageOf(own.sort(orderBy(String(sort))), page, perPage))
  })
  router.get('/orders/:id', (request, response) => {
    const customer = signedIn(shop, request, response)
    if (customer === undefined) return
    if (!/^\d{1,9}$/.test(request.params.id)) return fail(response, 400, 'an order number is a number')
    const order = shop.orders.peek(Number(request.params.id))
    if (order === undefined) return fail(response, 404, 'no such order')
    if (order.customerId !== customer.id) return fail(response, 403, 'not your order')
    const view = String(request.query['fields'] ?? viewable.join(',')).split(',')
    if (!view.every((name) => viewable.includes(name))) return fail(response, 400, 'unknown name in fields')
    response.json(Object.fromEntries(Object.entries(order).filter(([name]) => view.includes(name))))
  })
  router.post('/orders', (request, response) => {
    const customer = signedIn(shop, request, response)
    if (customer === undefined) return
    const order = readOrder(shop, readFields(request.body))
    if (typeof order === 'string') return fail(response, 422, order)
    const placed: Order = { ...order, id: shop.nextOrderId(), customerId: customer.id, status: 'open' }
    shop.orders.set(placed.id, placed)
    response.status(201).location(`/api/orders/${placed.id}`).json(placed)
  })
  return router
}

function orderBy(sort: string): (left: Order, right: Order) => number {
  if (sort === 'total') return (left, right) => right.totalCents - left.totalCents
  return sort === 'oldest' ? (left, right) => left.id - right.id : (left, right) => right.id - left.id
}

/** Reads a new order; a string is the sentence that says what is wrong with it. */
function readOrder(
  shop: Shop,
  fields: Fields,
): Pick<Order, 'items' | 'recipient' | 'giftNote' | 'totalCents'> | string {
  const items = Array.isArray(fields['items']) ? fields['items'].map((item) => readItem(shop, readFields(item))) : []
  const recipient = readRecipient(readFields(fields['recipient']))
  const giftNote = fields['giftNote'] ?? ''
  if (items.length === 0 || items.length > 20) return 'an order has 1 to 20 items'
  if (recipient === undefined) return 'recipient needs name, street, city and country'
  if (typeof giftNote !== 'string' || giftNote.length > 300) return 'giftNote is a text of at most 300 characters'
  const known: OrderItem[] = []
  let totalCents = 0
  for (const item of items) {
    if (item === undefined) return 'an item has a known sku and a quantity of 1 to 99'
    known.push(item)
    totalCents += item.quantity * (shop.products.get(item.sku)?.priceCents ?? 0)
  }
  return { items: known, recipient, giftNote, totalCents }
}

function readItem(shop: Shop, fields: Fields): OrderItem | undefined {
  const { sku, quantity } = fields
  if (typeof sku !== 'string' || !shop.products.has(sku)) return undefined
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > 99) return undefined
  return { sku, quantity }
}

function readRecipient(fields: Fields): Recipient | undefined {
  const { name, street, city, country } = fields
  if (typeof name !== 'string' || typeof street !== 'string' || typeof city !== 'string') return undefined
  if (typeof country !== 'string' || !/^[A-Z]{2}$/.test(country)) return undefined
  return { name: name.slice(0, 80), street: street.slice(0, 120), city: city.slice(0, 80), country }
}
