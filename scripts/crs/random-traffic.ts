// Requests that are made up, always the same for the same seed: harmless ones and attacks, in every place where a client
// can put a value, in many encodings. Written for comparing two engines, so odd framing that two servers read differently
// before any rule runs is left out.
import { createRandom, type Random } from '../../src/core/random.ts'
import { attackValues, harmlessValues } from './random-values.ts'

export type MadeRequest = { readonly name: string; readonly bytes: Buffer }

type Draft = {
  readonly method: string
  readonly target: string
  readonly headers: [string, string][]
  readonly body: Buffer | null
}

export function makeRequests(count: number, seed: number): MadeRequest[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => makeRequest(random, index))
}

function makeRequest(random: Random, index: number): MadeRequest {
  const maker = pick(random, makers)
  const draft = maker.make(random)
  if (random() < 0.3) addOddHeader(random, draft)
  return { name: `made-${index} ${maker.name}`, bytes: bytesOf(draft) }
}

export function bytesOf({ method, target, headers, body }: Draft): Buffer {
  const length = body === null ? [] : [['Content-Length', String(body.length)]]
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'),
    body ?? nothing,
  ])
}

const nothing = Buffer.alloc(0)

const makers: readonly { readonly name: string; readonly make: (random: Random) => Draft }[] = [
  { name: 'query', make: (random) => ({ ...head(random, 'GET'), target: `${path(random)}?${form(random)}` }) },
  { name: 'query', make: (random) => ({ ...head(random, 'GET'), target: `${path(random)}?${form(random)}` }) },
  { name: 'path', make: (random) => ({ ...head(random, 'GET'), target: `${path(random)}/${inPath(value(random))}` }) },
  { name: 'form', make: (random) => post(random, 'application/x-www-form-urlencoded', form(random)) },
  { name: 'form', make: (random) => post(random, 'application/x-www-form-urlencoded; charset=utf-8', form(random)) },
  { name: 'json', make: (random) => post(random, 'application/json', JSON.stringify(jsonValue(random, 3))) },
  { name: 'json', make: (random) => post(random, 'application/json', JSON.stringify(jsonObject(random, 2))) },
  { name: 'broken json', make: (random) => post(random, 'application/json', brokenJson(random)) },
  { name: 'xml', make: (random) => post(random, pick(random, ['text/xml', 'application/xml']), xml(random)) },
  { name: 'multipart', make: multipart },
  { name: 'plain text', make: (random) => post(random, 'text/plain', value(random)) },
  { name: 'cookie', make: cookies },
  { name: 'header', make: headers },
  { name: 'bare', make: bare },
]

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
  'curl/8.5.0',
  'sqlmap/1.7',
  'python-requests/2.31',
  'Nikto/2.5',
]
const fieldNames = [
  'id',
  'q',
  'name',
  'page',
  'file',
  'url',
  'user[name]',
  'items[0].sku',
  'comment',
  'redirect_to',
  'cmd',
  'a b',
]

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

const howMany = (random: Random, most: number): number => 1 + Math.floor(random() * most)

/** A third of the values are attacks. */
function value(random: Random): string {
  const text = pick(random, random() < 0.34 ? attackValues : harmlessValues)
  return random() < 0.15 ? `${pick(random, harmlessValues)} ${text}` : text
}

function head(random: Random, method: string): Draft {
  const list: [string, string][] = [
    ['Host', pick(random, ['shop.example', 'localhost', 'api.example:8080', '192.0.2.7'])],
  ]
  if (random() < 0.9) list.push(['User-Agent', pick(random, random() < 0.8 ? agents.slice(0, 2) : agents)])
  if (random() < 0.9) list.push(['Accept', pick(random, ['*/*', 'text/html', 'application/json'])])
  if (random() < 0.5) list.push(['Accept-Encoding', 'gzip, deflate'])
  return { method, target: path(random), headers: list, body: null }
}

function path(random: Random): string {
  return pick(random, [
    '/',
    '/orders',
    '/orders/17',
    '/api/v2/users',
    '/search',
    '/static/app.js',
    '/wp-login.php',
    '/a%20b',
    '/x.bak',
  ])
}

function post(random: Random, type: string, body: string | Buffer): Draft {
  const draft = head(random, pick(random, ['POST', 'POST', 'POST', 'PUT', 'PATCH']))
  draft.headers.push(['Content-Type', type])
  return { ...draft, body: Buffer.isBuffer(body) ? body : Buffer.from(body) }
}

function form(random: Random): string {
  return Array.from({ length: howMany(random, 5) }, () => {
    const name = encode(random, pick(random, fieldNames))
    return random() < 0.05 ? name : `${name}=${encode(random, value(random))}`
  }).join('&')
}

function encode(random: Random, text: string): string {
  const kind = random()
  if (kind < 0.55) return encodeURIComponent(text)
  if (kind < 0.7) return encodeURIComponent(text).replaceAll('%20', '+')
  if (kind < 0.8) return encodeURIComponent(encodeURIComponent(text))
  if (kind < 0.88) return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  if (kind < 0.94)
    return text.replaceAll(/[^A-Za-z0-9]/gu, (one) => `%u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return inPath(text)
}

/** As bare as a request line allows. */
function inPath(text: string): string {
  return text.replaceAll(/[^!-"$-~]|[%?]/gu, (one) => encodeURIComponent(one.isWellFormed() ? one : '?'))
}

function jsonValue(random: Random, depth: number): unknown {
  const kind = random()
  if (depth > 0 && kind < 0.25) return jsonObject(random, depth - 1)
  if (depth > 0 && kind < 0.4) return Array.from({ length: howMany(random, 4) }, () => jsonValue(random, depth - 1))
  if (kind < 0.5) return pick(random, [0, -1, 3.25, 1e21, 17, true, false, null])
  return value(random)
}

function jsonObject(random: Random, depth: number): Record<string, unknown> {
  const keys = Array.from({ length: howMany(random, 5) }, () => pick(random, fieldNames))
  return Object.fromEntries(keys.map((key) => [key, jsonValue(random, depth)]))
}

function brokenJson(random: Random): string {
  const whole = JSON.stringify(jsonObject(random, 2))
  return random() < 0.5 ? whole.slice(0, Math.floor(whole.length * random())) : `${whole}}`
}

function xml(random: Random): string {
  const quoted = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const parts = Array.from({ length: howMany(random, 4) }, () => {
    const text = quoted(value(random)).replaceAll(/\p{Cc}/gu, '')
    return random() < 0.3 ? `<item note="${text}"/>` : `<item>${text}</item>`
  })
  const start = random() < 0.5 ? '<?xml version="1.0" encoding="UTF-8"?>' : ''
  const whole = `${start}<order>${parts.join('')}</order>`
  return random() < 0.1 ? whole.slice(0, -4) : whole
}

function multipart(random: Random): Draft {
  const boundary = `----made${Math.floor(random() * 1e9)}`
  const parts = Array.from({ length: howMany(random, 4) }, () => {
    const name = pick(random, fieldNames)
    const isFile = random() < 0.35
    const file = isFile
      ? `; filename="${pick(random, ['a.txt', 'photo.jpg', 'shell.php', '../../etc/passwd', 'x.jsp'])}"`
      : ''
    const type = isFile
      ? `Content-Type: ${pick(random, ['text/plain', 'image/jpeg', 'application/octet-stream'])}\r\n`
      : ''
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n${value(random)}\r\n`
  })
  const end = random() < 0.05 ? '' : `--${boundary}--\r\n`
  return post(random, `multipart/form-data; boundary=${boundary}`, parts.join('') + end)
}

function cookies(random: Random): Draft {
  const draft = head(random, 'GET')
  const list = Array.from({ length: howMany(random, 4) }, () => {
    const text = random() < 0.5 ? value(random) : encode(random, value(random))
    return `${pick(random, ['sid', 'theme', '__utma', 'lang', 'PHPSESSID'])}=${headerText(text).replaceAll(';', '%3b')}`
  })
  draft.headers.push(['Cookie', list.join('; ')])
  return draft
}

function headers(random: Random): Draft {
  const draft = head(random, pick(random, methods))
  const names = [
    'Referer',
    'X-Forwarded-For',
    'X-Api-Key',
    'Origin',
    'Range',
    'Accept-Language',
    'X_Odd',
    'If-None-Match',
  ]
  for (let left = howMany(random, 3); left > 0; left -= 1)
    draft.headers.push([pick(random, names), headerText(value(random))])
  return draft
}

const headerText = (text: string): string => Buffer.from(text.replaceAll(/\p{Cc}+/gu, ' ').trim()).toString('latin1')

function bare(random: Random): Draft {
  return { method: pick(random, methods), target: path(random), headers: [['Host', 'localhost']], body: null }
}

function addOddHeader(random: Random, draft: Draft): void {
  const odd: readonly (readonly [string, string])[] = [
    ['Accept-Charset', 'utf-8'],
    ['Content-Type', 'application/octet-stream'],
    ['Range', 'bytes=0-1,2-3,4-5,6-7,8-9,10-11,12-13'],
    ['X-Requested-With', 'XMLHttpRequest'],
    ['Referer', 'http://shop.example/?q=%3Cscript%3E'],
    ['Cache-Control', 'no-cache'],
    ['Proxy', 'http://192.0.2.1'],
  ]
  const [name, text] = pick(random, odd)
  if (!draft.headers.some(([other]) => other === name)) draft.headers.push([name, text])
}
