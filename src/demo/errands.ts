import type { Random } from '../core/random.ts'
import { createDeck } from './deck.ts'
import type { VisitorRequest } from './visitor.ts'
import * as words from './vocabulary.ts'

/** One thing that a signed-in person does in the shop. */
export type Errand = () => VisitorRequest

/** What a person knows while they are in the shop. */
export type Errands = {
  /** The next request, chosen as people choose: mostly looking, sometimes buying, now and then a slip. */
  readonly next: Errand
  /** Remembers the numbers of one's own orders. */
  readonly noteOrders: (ids: readonly number[]) => void
  readonly noteToken: (token: string) => void
}

const skuPrefixes = ['LAM', 'MUG', 'KEY', 'CHA', 'BAC', 'NOT', 'KET', 'POS', 'PUZ', 'CAB']
const sorts = ['title', 'price', '-price']
const views = ['id,status', 'id,status,totalCents', 'id,items', 'id,recipient,giftNote']
const missingOrderId = 90_000

/** `name` is the person's own; everything else comes from decks that all people share. */
export function createErrands(name: string, random: Random): Errands {
  const decks = createDecks(random)
  let orderIds: readonly number[] = []
  let token = ''
  const below = (count: number): number => Math.floor(random() * count)
  const sku = (): string => {
    const prefix = below(skuPrefixes.length)
    return `${skuPrefixes[prefix] ?? ''}-${100 + prefix + 10 * below(6)}`
  }
  const signedIn = (request: VisitorRequest): VisitorRequest => ({ ...request, token })

  const errands: Record<string, Errand> = {
    search: () => ({ target: `/api/catalogue?${searchQuery(decks.phrase.draw(), random)}`, ...(token && { token }) }),
    product: () => ({ target: `/api/catalogue/${sku()}` }),
    orders: () => signedIn({ target: `/api/orders?${ordersQuery(random)}` }),
    order: () => {
      const id = orderIds[below(orderIds.length)] ?? missingOrderId
      const fields = encodeURIComponent(views[below(views.length)] ?? 'id')
      return signedIn({ target: `/api/orders/${id}?fields=${fields}` })
    },
    buy: () => signedIn({ method: 'POST', target: '/api/orders', body: newOrder() }),
    profile: () => signedIn({ target: '/api/profile' }),
    rename: () =>
      signedIn({
        method: 'PUT',
        target: '/api/profile',
        body: {
          name: random() < 0.5 ? name : decks.name.draw(),
          phone: `+44 20 7946 0${String(below(1000)).padStart(3, '0')}`,
          language: ['en', 'de', 'fr', 'ja'][below(4)],
          newsletter: random() < 0.5,
        },
      }),
    upload: () => signedIn({ method: 'POST', target: '/api/documents', body: newDocument() }),
    missing: () => signedIn({ target: `/api/orders/${missingOrderId + below(1000)}?fields=id%2Cstatus` }),
    incomplete: () => signedIn({ method: 'POST', target: '/api/orders', body: { ...newOrder(), items: [] } }),
    health: () => ({ target: '/health' }),
  }
  const newOrder = (): Record<string, unknown> => ({
    items: Array.from({ length: 1 + below(3) }, () => ({ sku: sku(), quantity: 1 + below(4) })),
    recipient: {
      name: decks.name.draw(),
      street: decks.street.draw(),
      city: decks.city.draw(),
      country: decks.country.draw(),
    },
    giftNote: random() < 0.7 ? decks.note.draw() : '',
  })
  const newDocument = (): FormData => {
    const form = new FormData()
    form.set('caption', decks.caption.draw())
    form.set('file', new Blob([`page ${below(100)}\n`.repeat(20)], { type: 'text/plain' }), decks.file.draw())
    return form
  }
  const order = createDeck(spread(errands), random)
  return {
    next: () => order.draw()(),
    noteOrders: (ids) => {
      orderIds = ids
    },
    noteToken: (fresh) => {
      token = fresh
    },
  }
}

/** How often each errand lies in the deck of one person. */
const weights: Readonly<Record<string, number>> = {
  search: 8,
  product: 3,
  orders: 4,
  order: 5,
  buy: 5,
  profile: 1,
  rename: 4,
  upload: 5,
  missing: 1,
  incomplete: 1,
  health: 1,
}

function spread(errands: Readonly<Record<string, Errand>>): Errand[] {
  return Object.entries(errands).flatMap(([kind, errand]) => Array.from({ length: weights[kind] ?? 0 }, () => errand))
}

function createDecks(random: Random) {
  return {
    phrase: createDeck(words.searchPhrases, random),
    name: createDeck(words.names, random),
    street: createDeck(words.streets, random),
    city: createDeck(words.cities, random),
    country: createDeck(words.countries, random),
    note: createDeck(words.giftNotes, random),
    caption: createDeck(words.captions, random),
    file: createDeck(words.fileNames, random),
  }
}

/** Half of the browsers write blanks as plus, half as %20. */
function searchQuery(phrase: string, random: Random): string {
  const parts = [
    `q=${random() < 0.5 ? encodeURIComponent(phrase) : new URLSearchParams([['', phrase]]).toString().slice(1)}`,
  ]
  parts.push(`sort=${sorts[Math.floor(random() * sorts.length)]}`)
  if (random() < 0.8) parts.push(`page=${1 + Math.floor(random() * 5)}`)
  if (random() < 0.7) parts.push(`maxPrice=${500 * (1 + Math.floor(random() * 20))}`)
  return parts.join('&')
}

function ordersQuery(random: Random): string {
  const parts = [`page=${1 + Math.floor(random() * 3)}`, `perPage=${[10, 20, 50][Math.floor(random() * 3)]}`]
  if (random() < 0.8) parts.push(`status=${['open', 'shipped', 'delivered'][Math.floor(random() * 3)]}`)
  if (random() < 0.8) parts.push(`sort=${['newest', 'oldest', 'total'][Math.floor(random() * 3)]}`)
  return parts.join('&')
}
