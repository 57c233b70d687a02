import { createRandom, type Random } from '../../../src/core/random.ts'

/** One request of a load, as the load generator sends it. */
export type LoadRequest = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** (a) GET, 3 query parameters, 12 headers; (b) POST of 2 KB nested JSON, 130 leaves; (c) four of (a) to one of (b). */
export type LoadName = 'a' | 'b' | 'c'

const words =
  'amber basil cedar dune ember fjord grove heron iris juniper kelp lotus maple nectar olive pine quartz'.split(' ')

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T
}

function text(length: number, random: Random): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('')
}

/** One of many clients, so that nobody seems to send thousands of requests a second. */
function clientAddress(random: Random): string {
  const part = (): number => Math.floor(random() * 250)
  return `10.${part()}.${part()}.${part()}`
}

function headersOf(random: Random): Record<string, string> {
  return {
    host: 'api.example.test',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
    accept: 'application/json, text/plain, */*',
    'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
    'accept-encoding': 'gzip, deflate, br',
    referer: `https://shop.example.test/catalogue/${pick(words, random)}`,
    origin: 'https://shop.example.test',
    'x-forwarded-for': clientAddress(random),
    'x-request-id': `${text(8, random)}-${text(4, random)}-${text(12, random)}`,
    'sec-fetch-mode': 'cors',
    cookie: `sid=${text(64, random)}; theme=dark; lang=en; consent=${text(96, random)}; cart=${text(80, random)}; seen=${text(24, random)}`,
    authorization: `Bearer ${text(36, random)}.${text(120, random)}.${text(43, random)}`,
  }
}

function getRequest(random: Random): LoadRequest {
  const page = 1 + Math.floor(random() * 40)
  const path = `/catalogue/${1000 + Math.floor(random() * 9000)}?page=${page}&sort=${pick(['price', 'name', 'date'], random)}&q=${pick(words, random)}+${pick(words, random)}`
  return { method: 'GET', path, headers: headersOf(random) }
}

/** 13 lines of 10 leaves each. */
function postRequest(random: Random): LoadRequest {
  const lines = Array.from({ length: 13 }, (_, index) => ({
    id: Math.floor(random() * 100_000),
    sku: `${text(2, random)}-${Math.floor(random() * 1000)}`,
    name: `${pick(words, random)} ${pick(words, random)}`,
    qty: 1 + Math.floor(random() * 9),
    price: Math.round(random() * 10_000) / 100,
    tags: [pick(words, random), pick(words, random)],
    gift: random() < 0.5,
    note: index % 3 === 0 ? `leave at the ${pick(words, random)} door` : null,
    at: `2026-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`,
  }))
  const body = JSON.stringify({ order: { lines } })
  const headers = { ...headersOf(random), 'content-type': 'application/json' }
  return { method: 'POST', path: '/orders', headers, body }
}

/** Varied requests of one load; the same seed gives the same ones. */
export function makeLoad(load: LoadName, count: number, seed: number): readonly LoadRequest[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const isPost = load === 'b' || (load === 'c' && index % 5 === 4)
    return isPost ? postRequest(random) : getRequest(random)
  })
}
