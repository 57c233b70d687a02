// The upstream that the regression tests are written for. CRS 3 uses httpbin (`/anything` gives the request back, unknown
// paths are not found); CRS 4 uses one where `/reflect` answers with the status, headers and body that the request asks
// for and every other path is an empty 200.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { sniffType } from './sniff-type.ts'

export type BackendStyle = 'httpbin' | 'reflect'
export type Backend = { readonly port: number; readonly close: () => Promise<void> }

const reflectionSchema = z.object({
  status: z.number().int().min(200).max(599).default(200),
  headers: z.union([z.record(z.string(), z.string()), z.null()]).default({}),
  body: z.string().default(''),
  encodedBody: z.string().default(''),
})

export async function startBackend(style: BackendStyle): Promise<Backend> {
  const server = createServer({ insecureHTTPParser: true, requireHostHeader: false }, (req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('error', () => undefined)
    req.on('end', () => answer(style, req, { body: Buffer.concat(chunks), res }))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

type Turn = { readonly body: Buffer; readonly res: ServerResponse }

function answer(style: BackendStyle, req: IncomingMessage, { body, res }: Turn): void {
  const [path = '/', query = ''] = (req.url ?? '/').split('?', 2)
  if (path === '/reflect') reflect(body, res)
  else if (style === 'reflect') res.writeHead(200, { 'content-length': 0 }).end()
  else bin(req, { path, query, body, res })
}

function reflect(body: Buffer, res: ServerResponse): void {
  const parsed = reflectionSchema.safeParse(readJson(body.toString('utf8')))
  if (!parsed.success) {
    res.writeHead(400, { 'content-type': 'text/plain' }).end('Not a reflection.')
    return
  }
  const { status, headers, body: text, encodedBody } = parsed.data
  const content = encodedBody === '' ? Buffer.from(text) : Buffer.from(encodedBody, 'base64')
  const given = Object.entries(headers ?? {}).filter(([name]) => !/^(?:content-length|transfer-encoding)$/i.test(name))
  const isTyped = content.length === 0 || given.some(([name]) => /^content-(?:type|encoding)$/i.test(name))
  const type = isTyped ? {} : { 'content-type': sniffType(content) }
  try {
    res.writeHead(status, { ...Object.fromEntries(given), ...type, 'content-length': content.length }).end(content)
  } catch {
    res.writeHead(500).end()
  }
}

function bin(req: IncomingMessage, turn: Turn & { readonly path: string; readonly query: string }): void {
  const { path, query, body, res } = turn
  const method = req.method ?? 'GET'
  const known = /^\/(?:anything(?:\/.*)?|get|post|put|patch|delete|headers|status\/(\d{3}))?$/.exec(path)
  if (known === null) {
    send(res, 404, '<title>404 Not Found</title>', 'text/html')
    return
  }
  if (known[1] !== undefined) send(res, Math.max(200, Math.min(599, Number(known[1]))), '')
  else if (path === '/' && method !== 'GET' && method !== 'HEAD') send(res, 405, 'Method Not Allowed', 'text/html')
  else if (path === '/') send(res, 200, '<title>An upstream for tests</title>', 'text/html; charset=utf-8')
  else {
    const args = Object.fromEntries(new URLSearchParams(query))
    const told = { args, data: body.toString('latin1'), headers: req.headers, method, url: req.url }
    send(res, 200, `${JSON.stringify(told, null, 2)}\n`, 'application/json')
  }
}

function send(res: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
