import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { ConfigInput } from '../../src/config/schema.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { multipartHeaders, multipartUpload } from '../support/multipart.ts'
import { readAnswers, sendRaw } from '../support/raw-client.ts'
import { type RunningGateway, startGateway } from '../support/start-gateway.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function behindEcho(input: ConfigInput = {}): Promise<RunningGateway & { upstream: EchoUpstream }> {
  const upstream = await startEchoUpstream()
  closers.push(upstream.close)
  const running = await startGateway(upstream.url, input)
  closers.push(running.gateway.close)
  return { ...running, upstream }
}

/** A gateway in front of a handler of the test's own. */
async function behind(server: Server | TcpServer, input: ConfigInput = {}): Promise<RunningGateway> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    const closed = once(server, 'close')
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await closed
  })
  const running = await startGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, input)
  closers.push(running.gateway.close)
  return running
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const get = (target: string, ...headers: string[]) =>
  `${[`GET ${target} HTTP/1.1`, 'Host: api.test', ...headers].join('\r\n')}\r\n\r\n`
const post = (body: string, ...headers: string[]) =>
  `${['POST / HTTP/1.1', 'Host: api.test', `Content-Length: ${body.length}`, ...headers].join('\r\n')}\r\n\r\n${body}`

describe('request headers', () => {
  it('passes headers on as they came, in order, duplicates and all', async () => {
    const { port, upstream } = await behindEcho()
    await sendRaw(get('/', 'X-One: 1', 'X-Two: a', 'X-Two: b', 'Cookie: c=1'), { port })
    const headers = upstream.arrived[0]?.headers ?? {}
    expect(upstream.arrived[0]?.rawHeaders.join('|')).toContain('X-One|1|X-Two|a|X-Two|b|Cookie|c=1')
    expect(headers.host).toBe('api.test')
  })

  it('keeps the session of the dashboard from the API', async () => {
    const { port, upstream } = await behindEcho()
    await sendRaw(get('/', 'Cookie: a=1; thymus_session=secret; b=2'), { port })
    await sendRaw(get('/', 'Cookie: thymus_session=secret'), { port })
    expect(upstream.arrived.map(({ headers }) => headers.cookie)).toEqual(['a=1; b=2', undefined])
  })

  it('drops hop-by-hop headers and those that Connection names', async () => {
    const { port, upstream } = await behindEcho()
    const hops = ['Connection: keep-alive, X-Hop', 'X-Hop: 1', 'Keep-Alive: 5', 'TE: trailers', 'Proxy-Connection: x']
    await sendRaw(get('/', ...hops, 'Proxy-Authorization: secret', 'Trailer: X', 'X-Stay: 1'), { port })
    const headers = upstream.arrived[0]?.headers ?? {}
    expect(headers['x-stay']).toBe('1')
    for (const name of ['x-hop', 'te', 'proxy-connection', 'proxy-authorization', 'trailer']) {
      expect(headers[name]).toBeUndefined()
    }
  })

  it('replaces what an untrusted client says about its origin', async () => {
    const { port, upstream } = await behindEcho()
    const claims = [
      'X-Forwarded-For: 9.9.9.9',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: evil',
      'X-Real-IP: 9.9.9.9',
    ]
    await sendRaw(get('/', ...claims, 'Forwarded: for=9.9.9.9', 'X-Forwarded-User: admin'), { port })
    const headers = upstream.arrived[0]?.headers ?? {}
    expect(headers['x-forwarded-for']).toBe('127.0.0.1')
    expect(headers['x-forwarded-proto']).toBe('http')
    expect(headers['x-forwarded-host']).toBe('api.test')
    expect(headers.forwarded).toBeUndefined()
    expect(headers['x-real-ip']).toBeUndefined()
    expect(headers['x-forwarded-user']).toBeUndefined()
  })

  it('keeps and extends what a trusted proxy says', async () => {
    const { port, upstream } = await behindEcho({ trustedProxies: ['127.0.0.0/8', '::1'] })
    const claims = ['X-Forwarded-For: 9.9.9.9', 'X-Forwarded-For: 8.8.8.8', 'X-Forwarded-Proto: https']
    await sendRaw(get('/', ...claims, 'Forwarded: for=9.9.9.9', 'X-Forwarded-Port: 443', 'X-Forwarded-Host: public'), {
      port,
    })
    const headers = upstream.arrived[0]?.headers ?? {}
    expect(headers['x-forwarded-for']).toBe('9.9.9.9, 8.8.8.8, 127.0.0.1')
    expect(headers['x-forwarded-proto']).toBe('https')
    expect(headers['x-forwarded-host']).toBe('public')
    expect(headers.forwarded).toBe('for=9.9.9.9, for=127.0.0.1')
    expect(headers['x-forwarded-port']).toBe('443')
  })
})

describe('bodies', () => {
  it('shows the engine the bytes and passes the same on', async () => {
    const { port, upstream, engine } = await behindEcho()
    await sendRaw(post('{"a":1}', 'Content-Type: application/json'), { port })
    expect(upstream.arrived[0]?.body.toString()).toBe('{"a":1}')
    expect(upstream.arrived[0]?.headers['content-length']).toBe('7')
    expect(Buffer.from(engine.inspected[0]?.body ?? []).toString()).toBe('{"a":1}')
    expect(engine.inspected[0]?.isBodyCut).toBe(false)
  })

  it('passes a chunked body on with a length', async () => {
    const { port, upstream } = await behindEcho()
    const bytes =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n'
    expect((await sendRaw(bytes, { port })).body).toBe('ok POST 5')
    expect(upstream.arrived[0]?.headers['content-length']).toBe('5')
    expect(upstream.arrived[0]?.headers['transfer-encoding']).toBeUndefined()
  })

  it('passes an empty chunked body on', async () => {
    const { port, engine } = await behindEcho()
    const bytes = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect((await sendRaw(bytes, { port })).body).toBe('ok POST 0')
    expect(engine.inspected[0]?.body).toBeNull()
  })

  it('inspects the decompressed bytes and passes the original on', async () => {
    const { port, upstream, engine } = await behindEcho()
    const packed = gzipSync('{"hidden":"text"}')
    const headers = ['Content-Type: application/json', 'Content-Encoding: gzip']
    await sendRaw(post(packed.toString('latin1'), ...headers), { port })
    expect(Buffer.from(engine.inspected[0]?.body ?? []).toString()).toBe('{"hidden":"text"}')
    expect(upstream.arrived[0]?.body.equals(packed)).toBe(true)
    expect(upstream.arrived[0]?.headers['content-encoding']).toBe('gzip')
  })

  it('refuses a decompression bomb and a damaged body', async () => {
    const { port, upstream } = await behindEcho({ request: { maxInspectedBytes: 100_000 } })
    const headers = ['Content-Type: application/json', 'Content-Encoding: gzip']
    const bomb = gzipSync(Buffer.alloc(10_000_000, 'a')).toString('latin1')
    expect((await sendRaw(post(bomb, ...headers), { port })).status).toBe(413)
    expect((await sendRaw(post('not gzip', ...headers), { port })).status).toBe(400)
    expect(upstream.heads()).toBe(0)
  })

  it('refuses a parsed body beyond the limit, announced or chunked, and closes', async () => {
    const { port, upstream, events } = await behindEcho({ request: { maxInspectedBytes: 1_000 } })
    const announced = post('x'.repeat(2_000), 'Content-Type: text/plain')
    const chunked = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n0\r\n\r\n`
    for (const bytes of [announced, chunked]) {
      const answer = await sendRaw(bytes, { port, untilClosed: true })
      expect(answer.status).toBe(413)
      expect(JSON.parse(answer.body)).toMatchObject({ status: 413, type: 'urn:thymus:too-large' })
    }
    expect(upstream.heads()).toBe(0)
    expect(events).toHaveLength(2)
    expect(events[0]).toMatchObject({ kind: 'exchange', exchange: { status: 413, verdict: { because: 'too-large' } } })
  })

  it('streams an opaque body of 12 MB, inspecting its beginning', async () => {
    const { url, upstream, engine } = await behindEcho()
    const body = Buffer.alloc(12_000_000, 'payload ')
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await fetch(url, { method: 'PUT', body, headers })
    expect(await answer.text()).toBe('ok PUT 12000000')
    expect(upstream.arrived[0]?.body.equals(body)).toBe(true)
    expect(upstream.arrived[0]?.headers['content-length']).toBe('12000000')
    expect(engine.inspected[0]?.isBodyCut).toBe(true)
    expect(engine.inspected[0]?.body?.length).toBe(65_536)
  })

  it('streams a multipart body of 5 MB on and looks at every value of it before it ends', async () => {
    const { url, upstream, engine } = await behindEcho()
    const body = multipartUpload({ fileBytes: 5_000_000, value: 'hello' })
    const answer = await fetch(url, { method: 'POST', body, headers: multipartHeaders })
    expect(await answer.text()).toBe(`ok POST ${body.length}`)
    expect(upstream.arrived[0]?.body.equals(body)).toBe(true)
    const [beginning, digest] = engine.inspected
    expect(beginning?.body?.length).toBe(1_048_576)
    expect(digest?.body?.length).toBeLessThan(66_000)
    expect(Buffer.from(digest?.body ?? []).toString()).toContain('hello')
    await until(() => engine.settled.length === 1)
  })

  it('refuses a multipart body for a value behind 5 MB of a file, and the upstream never gets its end', async () => {
    const { url, upstream, engine } = await behindEcho()
    const body = multipartUpload({ fileBytes: 5_000_000, value: 'deny-me' })
    const answer = await fetch(url, { method: 'POST', body, headers: multipartHeaders })
    expect(answer.status).toBe(403)
    expect(upstream.arrived).toHaveLength(0)
    await until(() => engine.settled.length === 1)
    expect(engine.settled[0]).toMatchObject({ inspection: { verdict: { kind: 'deny' } }, outcome: { status: 403 } })
    expect((await fetch(url)).status).toBe(200)
  })

  it.each([
    ['values', { fileBytes: 1_200_000, value: 'v'.repeat(1_200_000) }, 413],
    ['a fault', { fileBytes: 1_200_000, value: 'fault-me' }, 500],
  ])('fails closed for a multipart body whose rest cannot be inspected: %s', async (_, parts, status) => {
    const { url, upstream } = await behindEcho()
    const body = multipartUpload(parts)
    expect((await fetch(url, { method: 'POST', body, headers: multipartHeaders })).status).toBe(status)
    expect(upstream.arrived).toHaveLength(0)
  })

  it('refuses an opaque chunked body that grows beyond the largest size', async () => {
    const { url } = await behindEcho({ request: { maxBodyBytes: 200_000 } })
    const answer = await new Promise<number>((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', headers: { 'content-type': 'image/png' } }, (res) => {
        res.resume()
        resolve(res.statusCode ?? 0)
      })
      outgoing.on('error', reject)
      outgoing.write(Buffer.alloc(150_000))
      setTimeout(() => outgoing.write(Buffer.alloc(150_000)), 20)
    })
    expect(answer).toBe(413)
  })

  it('holds the client back while the upstream does not read', async () => {
    const server = createServer((req, res) => {
      req.once('readable', () => undefined)
      setTimeout(() => req.resume().on('end', () => res.end('done')), 300)
    })
    const { url } = await behind(server)
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1
        if (sent > 800) controller.close()
        else controller.enqueue(new Uint8Array(65_536))
      },
    })
    const headers = { 'content-type': 'application/octet-stream' }
    const pending = fetch(url, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent).toBeLessThan(600)
    expect(await (await pending).text()).toBe('done')
  })

  it('asks for the body of Expect: 100-continue only when it will be read', async () => {
    const { port, upstream } = await behindEcho()
    const bytes = (target: string) =>
      `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(bytes('/'))
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('hello')
    expect((await readAnswers(socket, { answers: 1, untilClosed: false })).body).toBe('ok POST 5')
    expect(upstream.arrived[0]?.headers.expect).toBeUndefined()
    const refused = await sendRaw(bytes('/held-me'), { port, untilClosed: true })
    expect(refused.text).not.toContain('100 Continue')
    expect(refused.status).toBe(403)
  })
})

describe('answers', () => {
  it('passes status, text, repeated headers and trailers on and drops hop-by-hop ones', async () => {
    const server = createServer((_req, res) => {
      res.writeHead(201, 'Made', [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Latin', 'caf\xe9'],
        ['X-Private', '1'],
        ['Connection', 'x-private'],
        ['Trailer', 'X-Sum'],
      ] as unknown as string[])
      res.write('body')
      res.addTrailers({ 'X-Sum': '42' })
      res.end()
    })
    const { port } = await behind(server)
    const answer = await sendRaw(get('/', 'Connection: close'), { port, untilClosed: true })
    expect(answer.text.startsWith('HTTP/1.1 201 Made\r\n')).toBe(true)
    expect(answer.headers.get('set-cookie')).toBe('a=1, b=2')
    expect(answer.headers.get('x-latin')).toBe('caf\xe9')
    expect(answer.headers.has('x-private')).toBe(false)
    expect(answer.text).toContain('0\r\nX-Sum: 42\r\n')
  })

  it('answers HEAD, 204 and 304 without a body', async () => {
    const server = createServer((req, res) => {
      if (req.url === '/204') res.writeHead(204).end()
      else if (req.url === '/304') res.writeHead(304, { etag: '"x"' }).end()
      else res.writeHead(200, { 'content-length': '1000' }).end('x'.repeat(req.method === 'HEAD' ? 0 : 1_000))
    })
    const { port } = await behind(server)
    const heads = 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const head = await sendRaw(heads, { port, untilClosed: true })
    expect(head.text.startsWith('HTTP/1.1 200')).toBe(true)
    expect(head.text).toContain('content-length: 1000')
    expect(head.text.endsWith('\r\n\r\n')).toBe(true)
    for (const status of [204, 304]) {
      const answer = await sendRaw(get(`/${status}`, 'Connection: close'), { port, untilClosed: true })
      expect(answer.status).toBe(status)
      expect(answer.body).toBe('')
    }
  })

  it('sends events at once', async () => {
    let push = (_text: string): void => undefined
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      res.flushHeaders()
      push = (text) => res.write(text)
    })
    const { url } = await behind(server)
    const answer = await fetch(url)
    const reader = answer.body?.getReader()
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      push(text)
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(text)
    }
    await reader?.cancel()
  })

  it('sends the head before a body that takes its time', async () => {
    let finish = (): void => undefined
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'content-length': '4' })
      res.flushHeaders()
      finish = () => res.end('late')
    })
    const { url } = await behind(server)
    const answer = await fetch(url)
    finish()
    expect(await answer.text()).toBe('late')
  })

  it('passes 12 MB back unchanged to a slow reader', async () => {
    const body = Buffer.alloc(12_000_000, 'abcdefg')
    const { url } = await behind(createServer((_req, res) => res.end(body)))
    const answer = await fetch(url)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true)
  })

  it('keeps every byte of a small answer', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const { url } = await behind(createServer((_req, res) => res.end(body)))
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(body)).toBe(true)
  })

  it('passes early hints on', async () => {
    const server = createServer((_req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.end('x')
    })
    const { port } = await behind(server)
    const answer = await sendRaw(get('/', 'Connection: close'), { port, untilClosed: true })
    expect(answer.text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload\r\n\r\nHTTP\/1\.1 200/i)
  })

  it.each([
    ['a reason phrase that is not ASCII', 'HTTP/1.1 200 caf\xe9\r\nContent-Length: 2\r\n\r\nok'],
    ['a control character in the reason phrase', 'HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok'],
    [
      'an early hint that is no link',
      'HTTP/1.1 103 Early Hints\r\nLink: garbage\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    ],
  ])('passes the answer of an upstream with %s', async (_title, answer) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', () => socket.write(Buffer.from(answer, 'latin1')))
    })
    const { port } = await behind(server)
    const got = await sendRaw(get('/', 'Connection: close'), { port, untilClosed: true })
    expect(got.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nok$/)
  })

  it('answers pipelined requests in order', async () => {
    const { port } = await behindEcho()
    const answer = await sendRaw(`${get('/1')}${post('hello')}${get('/3', 'Connection: close')}`, {
      port,
      untilClosed: true,
    })
    expect(answer.text.match(/ok \w+ \d/g)).toEqual(['ok GET 0', 'ok POST 5', 'ok GET 0'])
  })

  it('serves many requests on one connection', async () => {
    const { port, engine } = await behindEcho()
    const answer = await sendRaw(get('/').repeat(50), { port, answers: 50 })
    expect(answer.text.match(/ok GET 0/g)).toHaveLength(50)
    await until(() => engine.settled.length === 50)
  })
})

describe('verdicts', () => {
  it('answers a denied request as problem+json and never asks the upstream', async () => {
    const { port, upstream, engine } = await behindEcho()
    const answer = await sendRaw(get('/?q=deny-me'), { port })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(answer.body)).toEqual({
      type: 'urn:thymus:attack',
      title: 'Forbidden',
      status: 403,
      detail: 'The request looks like an attack and was refused.',
      referenceId: 'ref-1',
    })
    expect(upstream.heads()).toBe(0)
    await until(() => engine.settled.length === 1)
    expect(engine.settled[0]?.outcome.status).toBe(403)
  })

  it('keeps the connection of a denied request whose body was read', async () => {
    const { port } = await behindEcho()
    const answer = await sendRaw(`${post('deny-me')}${get('/')}`, { port, answers: 2 })
    expect(answer.text).toContain('403')
    expect(answer.text).toContain('ok GET 0')
  })

  it('answers a slowed request with the time to wait', async () => {
    const { port } = await behindEcho()
    const answer = await sendRaw(post('slow-me'), { port })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('2')
  })

  it('refuses a held client before its body comes, and closes', async () => {
    const { port, engine } = await behindEcho()
    const bytes = 'POST /held-me HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n'
    const answer = await sendRaw(bytes, { port, untilClosed: true })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('connection')).toBe('close')
    expect(engine.inspected).toHaveLength(0)
    expect(engine.settled).toHaveLength(1)
  })

  it('delivers the refusal to a client that goes on sending', async () => {
    const { url } = await behindEcho()
    const body = Buffer.alloc(5_000_000)
    const answer = await fetch(`${url}/held-me`, { method: 'POST', body })
    expect(answer.status).toBe(413)
    const opaque = await fetch(`${url}/held-me`, { method: 'POST', body, headers: { 'content-type': 'image/png' } })
    expect(opaque.status).toBe(403)
  })

  it('refuses HEAD without a body', async () => {
    const { port } = await behindEcho()
    const bytes = 'HEAD /deny-me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const answer = await sendRaw(bytes, { port, untilClosed: true })
    expect(answer.text.startsWith('HTTP/1.1 403')).toBe(true)
    expect(answer.text.endsWith('\r\n\r\n')).toBe(true)
  })

  it('lets nothing through when the engine breaks, and says so', async () => {
    const { port, upstream, events } = await behindEcho()
    for (const target of ['/fault-me', '/fault-head']) {
      const answer = await sendRaw(get(target), { port })
      expect(answer.status).toBe(500)
      expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:thymus:THY_LAYER_FAULT' })
    }
    expect(upstream.heads()).toBe(0)
    expect(events.filter((event) => event.kind === 'fault')).toHaveLength(2)
  })

  it('settles every inspection exactly once with the status that the client got', async () => {
    const { port, engine } = await behindEcho()
    await Promise.all(['/', '/deny-me', '/slow-me', '/held-me'].map((target) => sendRaw(get(target), { port })))
    await until(() => engine.settled.length === 4)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(engine.settled.map(({ outcome }) => outcome.status).sort()).toEqual([200, 403, 403, 429])
  })
})

describe('failures', () => {
  it('answers 502 when the upstream refuses connections', async () => {
    const upstream = await startEchoUpstream()
    await upstream.close()
    const running = await startGateway(upstream.url)
    closers.push(running.gateway.close)
    for (const bytes of [get('/'), post('body')]) {
      const answer = await sendRaw(bytes, { port: running.port })
      expect(answer.status).toBe(502)
      expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:thymus:THY_UPSTREAM', title: 'Bad Gateway' })
    }
    await until(() => running.engine.settled.length === 2)
    expect(running.engine.settled[0]?.outcome.status).toBe(502)
  })

  it('answers 504 when the upstream does not answer in time', async () => {
    const { port } = await behind(
      createServer(() => undefined),
      { timeouts: { upstreamHeadersMs: 100 } },
    )
    const answer = await sendRaw(get('/'), { port })
    expect(answer.status).toBe(504)
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:thymus:THY_UPSTREAM_TIMEOUT' })
  })

  it('answers 502 when the upstream closes without an answer or speaks nonsense', async () => {
    for (const words of ['', 'nonsense\r\n\r\n', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n']) {
      const server = createTcpServer((socket) => socket.once('data', () => socket.end(words)))
      const { port } = await behind(server)
      expect((await sendRaw(get('/'), { port })).status).toBe(502)
    }
  })

  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['before the first byte', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'],
  ])('destroys the connection when the upstream dies in the middle of an answer %s', async (_title, words) => {
    const server = createTcpServer((socket) => {
      socket.once('data', () => {
        socket.write(words)
        setTimeout(() => socket.destroy(), 30)
      })
    })
    const { url, engine } = await behind(server)
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
    await until(() => engine.settled.length === 1)
    expect(engine.settled[0]?.outcome.status).toBe(0)
  })

  it('cancels the upstream request when the client goes away, and settles with 0', async () => {
    let isUpstreamClosed = false
    let hasArrived = false
    const server = createServer((req) => {
      hasArrived = true
      req.on('close', () => {
        isUpstreamClosed = true
      })
    })
    const { port, engine } = await behind(server)
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(get('/'))
    await until(() => hasArrived)
    socket.destroy()
    await until(() => isUpstreamClosed && engine.settled.length === 1)
    expect(engine.settled[0]?.outcome.status).toBe(0)
  })

  it('forgets a client that goes away while it sends', async () => {
    const { port, engine, upstream } = await behindEcho()
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect((await sendRaw(get('/'), { port })).status).toBe(200)
    expect(engine.inspected).toHaveLength(1)
    expect(upstream.heads()).toBe(1)
  })

  it.each([
    ['sends a safe request once more', get('/'), 200, ['GET ', 'GET ', 'GET ']],
    ['sends no other request once more', post('x'), 502, ['GET ', 'POST']],
  ])('%s when a kept-alive connection was closed under it', async (_title, second, status, expected) => {
    const seen: string[] = []
    const server = createTcpServer((socket) => {
      let count = 0
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        count += 1
        seen.push(chunk.toString().slice(0, 4))
        if (count > 1) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const { port } = await behind(server)
    expect((await sendRaw(get('/'), { port })).status).toBe(200)
    expect((await sendRaw(second, { port })).status).toBe(status)
    expect(seen).toEqual(expected)
  })

  it('answers 408 to a request that does not arrive in time', async () => {
    const { port } = await behindEcho({ timeouts: { headersMs: 100, requestMs: 100 } })
    const answer = await sendRaw('GET / HTTP/1.1\r\nHost: a\r\n', { port, untilClosed: true })
    expect(answer.status).toBe(408)
    const slow = await sendRaw('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx', { port, untilClosed: true })
    expect(slow.status).toBe(408)
  })

  it('delivers an early answer while the client still sends, then closes', async () => {
    const server = createServer((_req, res) =>
      res.writeHead(400, { connection: 'close', 'content-length': 2 }).end('no'),
    )
    const { port } = await behind(server)
    const bytes = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 9999999\r\n\r\n${'x'.repeat(200_000)}`
    const answer = await sendRaw(bytes, { port, untilClosed: true })
    expect(answer.status).toBe(400)
    expect(answer.body).toBe('no')
    expect(answer.headers.get('connection')).toBe('close')
  })
})
