import { BoundedMap } from '../../core/bounded-map.ts'
import { names } from '../vocabulary.ts'

/** The shop behind the demo API: seeded, in memory, bounded. It must not know HTTP. */

export type Customer = {
  readonly id: number
  readonly password: string
  name: string
  email: string
  phone: string
  language: string
  newsletter: boolean
}

export type Product = {
  readonly sku: string
  readonly title: string
  readonly priceCents: number
  readonly stock: number
}

export type OrderItem = { readonly sku: string; readonly quantity: number }

export type Recipient = {
  readonly name: string
  readonly street: string
  readonly city: string
  readonly country: string
}

export type Order = {
  readonly id: number
  readonly customerId: number
  readonly status: 'open' | 'shipped' | 'delivered'
  readonly items: readonly OrderItem[]
  readonly recipient: Recipient
  readonly giftNote: string
  readonly totalCents: number
}

export type Session = { readonly customerId: number; readonly refreshToken: string }

export type Shop = {
  readonly customers: ReadonlyMap<number, Customer>
  readonly products: ReadonlyMap<string, Product>
  readonly orders: BoundedMap<number, Order>
  /** By access token. */
  readonly sessions: BoundedMap<string, Session>
  /** Customer by refresh token. */
  readonly refreshTokens: BoundedMap<string, number>
  readonly nextOrderId: () => number
}

/** Customers who send no ordinary traffic; the attackers of the demo. */
export const strangers = [
  { email: 'sam.miller@example.net', password: 'quiet-harbour-2231' },
  { email: 'kim.doe@example.net', password: 'quiet-harbour-9812' },
] as const

const firstOrderId = 100_000
const ordersPerCustomer = 4
const maxOrders = 20_000
const maxSessions = 10_000

const nouns = ['Lamp', 'Mug', 'Keyboard', 'Chair', 'Backpack', 'Notebook', 'Kettle', 'Poster', 'Puzzle', 'Cable']
const kinds = ['Classic', 'Blue', 'Rock & Roll', 'Größe 42', 'No. 5', "Children's"]

/** Everything is the same at each start. */
export function createShop(): Shop {
  const customers = new Map<number, Customer>()
  const products = new Map<string, Product>()
  const orders = new BoundedMap<number, Order>(maxOrders)
  for (const [index, account] of seedAccounts().entries()) customers.set(index + 1, account)
  for (const product of seedProducts()) products.set(product.sku, product)
  let lastOrderId = firstOrderId - 1
  const nextOrderId = (): number => {
    lastOrderId += 1
    return lastOrderId
  }
  for (let round = 0; round < ordersPerCustomer; round += 1) {
    for (const customer of customers.values()) {
      const order = seedOrder(nextOrderId(), customer, round)
      orders.set(order.id, order)
    }
  }
  return {
    customers,
    products,
    orders,
    sessions: new BoundedMap(maxSessions),
    refreshTokens: new BoundedMap(maxSessions),
    nextOrderId,
  }
}

/** How a persona of the demo signs in. Addresses and passwords come in a few forms, as people choose them. */
export function credentialsOf(index: number): { readonly email: string; readonly password: string } {
  const number = 1000 + ((index * 7919) % 9000)
  const emails = [`shopper${number}@example.org`, `a.reader.${number}@example.com`, `fan+shop${number}@example.net`]
  const passwords = [`correct-horse-${number}`, `Summer${number}!`, `my cat & dog ${number}`, `Pa$$w0rd#${number}`]
  return { email: emails[index % emails.length] ?? '', password: passwords[index % passwords.length] ?? '' }
}

function seedAccounts(): Customer[] {
  const people = names.map((name, index) => ({ name, ...credentialsOf(index) }))
  const others = strangers.map((stranger, index) => ({ name: `Stranger ${index + 1}`, ...stranger }))
  return [...people, ...others].map((person, index) => ({
    ...person,
    id: index + 1,
    phone: `+44 20 7946 0${String(index).padStart(3, '0')}`,
    language: 'en',
    newsletter: false,
  }))
}

function seedProducts(): Product[] {
  return kinds.flatMap((kind, kindIndex) =>
    nouns.map((noun, nounIndex) => ({
      sku: `${noun.slice(0, 3).toUpperCase()}-${100 + kindIndex * nouns.length + nounIndex}`,
      title: `${kind} ${noun}`,
      priceCents: 499 + kindIndex * 731 + nounIndex * 350,
      stock: 10 + nounIndex,
    })),
  )
}

function seedOrder(id: number, customer: Customer, round: number): Order {
  const statuses = ['delivered', 'delivered', 'shipped', 'open'] as const
  return {
    id,
    customerId: customer.id,
    status: statuses[round] ?? 'open',
    items: [{ sku: 'LAM-100', quantity: 1 + round }],
    recipient: { name: customer.name, street: '12 High Street', city: 'London', country: 'GB' },
    giftNote: '',
    totalCents: 499 * (1 + round),
  }
}
