import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, connect } from 'node:net'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import express, { type Express, type Request, type Response } from 'express'
import type { ConfigInput } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import { createExpressMiddleware, type ExpressMiddleware } from '../../src/middleware/express.ts'
import { multipartHeaders, multipartUpload } from '../support/multipart.ts'
import { sendRaw } from '../support/raw-client.ts'
import { createScriptedEngine } from '../support/scripted-engine.ts'
import { loopbackConfig } from '../support/start-gateway.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function make(input: ConfigInput = {}) {
  const engine = createScriptedEngine()
  const events: ThymusEvent[] = []
  const emit = (event: ThymusEvent) => events.push(event)
  const middleware = createExpressMiddleware(engine, { config: loopbackConfig(input), clock: systemClock, emit })
  return { engine, events, middleware }
}

async function serve(app: Express): Promise<number> {
  const server: Server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return (server.address() as AddressInfo).port
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Reads the request itself, as a handler without parsers does. */
async function readByHand(req: Request, res: Response): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  res.json(Buffer.concat(chunks).toString('latin1'))
}

async function readByEvents(req: Request, res: Response): Promise<void> {
  let text = ''
  req.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  req.on('end', () => res.json(text))
}

/** As multer and busboy do: the request is piped into a parser. */
async function readByPipe(req: Request, res: Response): Promise<void> {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk)
      setImmediate(done)
    },
  })
  await pipeline(req, sink)
  res.json(Buffer.concat(chunks).toString('latin1'))
}

async function readLate(req: Request, res: Response): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30))
  await readByEvents(req, res)
}

const express4 = createRequire(import.meta.url)('express4') as typeof express
const factories = [
  ['Express 5', express],
  ['Express 4', express4],
] as const

type Reader = readonly [name: string, type: string, mount: (app: Express, create: typeof express) => void]

const echoBody = (req: Request, res: Response): void => {
  res.json(Buffer.isBuffer(req.body) ? req.body.toString('latin1') : req.body)
}
const readers: readonly Reader[] = [
  [
    'express.json',
    'application/json',
    (app, create) => app.use(create.json({ limit: '5mb', strict: false }), echoBody),
  ],
  [
    'express.urlencoded',
    'application/x-www-form-urlencoded',
    (app, create) => app.use(create.urlencoded({ extended: true, limit: '5mb' }), echoBody),
  ],
  ['express.text', 'text/plain', (app, create) => app.use(create.text({ limit: '5mb' }), echoBody)],
  ['express.raw', 'application/octet-stream', (app, create) => app.use(create.raw({ limit: '5mb' }), echoBody)],
  ['an async iterator', 'text/plain', (app) => app.use(readByHand)],
  ['stream events', 'text/plain', (app) => app.use(readByEvents)],
  ['a pipe', 'multipart/form-data; boundary=x', (app) => app.use(readByPipe)],
  ['a late reader', 'text/plain', (app) => app.use(readLate)],
]

function bodyOf(type: string, size: number): { sent: string; expected: unknown } {
  const text = 'a'.repeat(Math.max(0, size - 4))
  if (type === 'application/json') return { sent: JSON.stringify(text), expected: text }
  if (type === 'application/x-www-form-urlencoded') return { sent: `q=${text}`, expected: { q: text } }
  return { sent: text, expected: text }
}

function framed(body: string, type: string, isChunked: boolean): string {
  const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n`
  if (!isChunked) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
  let text = `${head}Transfer-Encoding: chunked\r\n\r\n`
  for (let at = 0; at < body.length; at += 100_000) {
    const piece = body.slice(at, at + 100_000)
    text += `${piece.length.toString(16)}\r\n${piece}\r\n`
  }
  return `${text}0\r\n\r\n`
}

describe.each(factories)('in %s', (_name, create) => {
  const sizes = [10, 2_000, 150_000, 1_000_000]
  const cases = readers.flatMap(([reader, type, mount]) =>
    sizes.flatMap((size) => [false, true].map((isChunked) => ({ reader, type, mount, size, isChunked }))),
  )

  it.each(cases)('leaves $size bytes to $reader (chunked: $isChunked)', async ({ type, mount, size, isChunked }) => {
    const { middleware, engine } = make()
    const app = create()
    app.use(middleware)
    mount(app, create)
    const port = await serve(app)
    const { sent, expected } = bodyOf(type, size)
    const answer = await sendRaw(`${framed(sent, type, isChunked)}`, { port })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body.replace(/^[\da-f]+\r\n|\r\n0\r\n\r\n$/g, ''))).toEqual(expected)
    expect(engine.inspected).toHaveLength(1)
    await until(() => engine.settled.length === 1)
  })

  it('covers all readers, sizes and framings', () => {
    expect(cases).toHaveLength(64)
  })

  it.each(readers)('lets %s see the end of an empty body', async (_reader, type, mount) => {
    for (const isChunked of [false, true]) {
      const { middleware } = make()
      const app = create()
      app.use(middleware)
      mount(app, create)
      const port = await serve(app)
      const answer = await sendRaw(framed('', type, isChunked), { port })
      expect(answer.status).toBe(200)
    }
  })

  it.each(readers)('works before %s when something asynchronous came first', async (_reader, type, mount) => {
    for (const isChunked of [false, true]) {
      for (const size of [4, 2_000, 150_000]) {
        const { middleware, engine } = make()
        const app = create()
        app.use((_req, _res, next) => setTimeout(next, 20))
        app.use(middleware)
        mount(app, create)
        const port = await serve(app)
        const { sent, expected } = bodyOf(type, size)
        const answer = await sendRaw(framed(sent, type, isChunked), { port })
        expect(JSON.parse(answer.body)).toEqual(expected)
        expect(Buffer.from(engine.inspected[0]?.body ?? []).toString('latin1')).toBe(
          sent.slice(0, type.includes('octet') ? 65_536 : undefined),
        )
      }
    }
  })

  it('lets a body sent in pieces through whole', async () => {
    const { middleware, engine } = make()
    const app = create()
    app.use(middleware, create.json(), echoBody)
    const port = await serve(app)
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n')
    for (const piece of ['{"a"', ':"b', '"}']) {
      await new Promise((resolve) => setTimeout(resolve, 15))
      socket.write(piece)
    }
    const [data] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(data.toString()).toContain('{"a":"b"}')
    expect(engine.inspected).toHaveLength(1)
  })

  it('inspects the decompressed body and leaves the compressed one to the parser', async () => {
    const { middleware, engine } = make()
    const app = create()
    app.use(middleware, create.json(), echoBody)
    const port = await serve(app)
    const body = gzipSync('{"a":1}').toString('latin1')
    const bytes = framed(body, 'application/json\r\nContent-Encoding: gzip', false)
    expect((await sendRaw(bytes, { port })).body).toBe('{"a":1}')
    expect(Buffer.from(engine.inspected[0]?.body ?? []).toString()).toBe('{"a":1}')
  })

  it('streams an opaque body of 8 MB on after its beginning', async () => {
    const { middleware, engine } = make()
    const app = create()
    app.use(middleware)
    app.use(async (req: Request, res: Response) => {
      let size = 0
      for await (const chunk of req) size += (chunk as Buffer).length
      res.json(size)
    })
    const port = await serve(app)
    const headers = { 'content-type': 'image/png' }
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: Buffer.alloc(8_000_000), headers })
    expect(await answer.json()).toBe(8_000_000)
    expect(engine.inspected[0]?.body?.length).toBe(65_536)
    expect(engine.inspected[0]?.isBodyCut).toBe(true)
  })

  it.each(['hello', 'deny-me'])('reads all values of a multipart body of 5 MB before it may end: %s', async (value) => {
    const { middleware, engine } = make()
    let whole = 0
    const app = create()
    app.use(middleware)
    app.use((req: Request, res: Response) => {
      let size = 0
      req.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      req.on('end', () => {
        whole += 1
        res.json(size)
      })
    })
    const port = await serve(app)
    const body = multipartUpload({ fileBytes: 5_000_000, value })
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers: multipartHeaders })
    if (value === 'hello') expect(await answer.json()).toBe(body.length)
    expect([answer.status, whole]).toEqual(value === 'hello' ? [200, 1] : [403, 0])
    await until(() => engine.settled.length === 1)
    expect(engine.inspected).toHaveLength(2)
  })

  it('refuses before the handler runs, and settles once', async () => {
    const { middleware, engine } = make()
    let runs = 0
    const app = create()
    app.use(middleware)
    app.use((_req: Request, res: Response) => {
      runs += 1
      res.end('ran')
    })
    const port = await serve(app)
    const denied = await sendRaw(framed('{"q":"deny-me"}', 'application/json', false), { port })
    expect(denied.status).toBe(403)
    expect(denied.headers.get('content-type')).toBe('application/problem+json')
    const held = await sendRaw('POST /held-me HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n', {
      port,
      untilClosed: true,
    })
    expect(held.status).toBe(403)
    const broken = await sendRaw('GET /fault-me HTTP/1.1\r\nHost: a\r\n\r\n', { port })
    expect(broken.status).toBe(500)
    expect(runs).toBe(0)
    await until(() => engine.settled.length === 2)
  })

  it('closes after a rejection and never runs what was pipelined behind it', async () => {
    const { middleware, events } = make()
    const paths: string[] = []
    const app = create()
    app.use(middleware)
    app.use((req: Request, res: Response) => {
      paths.push(req.url)
      res.end('ran')
    })
    const port = await serve(app)
    const doubtful = 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'
    const answer = await sendRaw(`${doubtful}GET /next HTTP/1.1\r\nHost: a\r\n\r\n`, { port, untilClosed: true })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('ran')
    expect(paths).toEqual([])
    expect(events).toHaveLength(1)
  })

  it('sees the whole path wherever it is mounted', async () => {
    const { middleware, engine } = make()
    const app = create()
    app.use('/api', middleware)
    app.use((req: Request, res: Response) => res.end(req.url))
    const port = await serve(app)
    expect((await sendRaw('GET /api/x?q=1 HTTP/1.1\r\nHost: a\r\n\r\n', { port })).body).toContain('/api/x?q=1')
    await sendRaw('GET /other HTTP/1.1\r\nHost: a\r\n\r\n', { port })
    expect(engine.inspected.map(({ target }) => target)).toEqual(['/api/x?q=1'])
  })

  it('inspects once when mounted twice', async () => {
    const { middleware, engine } = make()
    const app = create()
    app.use(middleware, middleware, (_req: Request, res: Response) => res.end('ok'))
    const port = await serve(app)
    expect((await sendRaw('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { port })).status).toBe(200)
    expect(engine.inspected).toHaveLength(1)
    await until(() => engine.settled.length === 1)
  })

  it('settles with 0 when the client goes away', async () => {
    const { middleware, engine } = make()
    const app = create()
    let isRunning = false
    app.use(middleware, () => {
      isRunning = true
    })
    const port = await serve(app)
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => isRunning)
    socket.destroy()
    await until(() => engine.settled.length === 1)
    expect(engine.settled[0]?.outcome.status).toBe(0)
  })

  it('has a name', () => {
    expect(make().middleware.name).toBe('thymus')
  })
})

describe.each(factories)('behind parsers in %s', (_name, create) => {
  async function inspect(mount: (app: Express, middleware: ExpressMiddleware) => void, bytes: string) {
    const { middleware, engine } = make()
    const app = create()
    mount(app, middleware)
    app.use((_req: Request, res: Response) => res.end('ok'))
    const port = await serve(app)
    const { status } = await sendRaw(bytes, { port })
    const [view] = engine.inspected
    return { status, text: view?.body ? Buffer.from(view.body).toString() : null, view }
  }

  it('writes a JSON body down again', async () => {
    const bytes = framed('{ "a": [1, {"b": "c"}] }', 'application/json', false)
    const { text } = await inspect((app, middleware) => app.use(create.json(), middleware), bytes)
    expect(text).toBe('{"a":[1,{"b":"c"}]}')
  })

  it('prefers bytes that somebody kept', async () => {
    const keep = create.json({ verify: (req, _res, bytes) => Object.assign(req, { rawBody: bytes }) })
    const bytes = framed('{ "a": 1, "a": 2 }', 'application/json', false)
    const { text } = await inspect((app, middleware) => app.use(keep, middleware), bytes)
    expect(text).toBe('{ "a": 1, "a": 2 }')
  })

  it('writes a form down again, nested and repeated names too', async () => {
    const type = 'application/x-www-form-urlencoded'
    const parser = create.urlencoded({ extended: true })
    const bytes = framed('a=1&a=2&b[c]=x%20y&d=%27%26', type, false)
    const { text } = await inspect((app, middleware) => app.use(parser, middleware), bytes)
    expect(text).toBe("a=1&a=2&b%5Bc%5D=x%20y&d='%26")
  })

  it('takes text and raw bodies as they are', async () => {
    const plain = framed('some <b>text</b>', 'text/plain', false)
    expect((await inspect((app, middleware) => app.use(create.text(), middleware), plain)).text).toBe(
      'some <b>text</b>',
    )
    const raw = framed('\x00\x01raw', 'application/octet-stream', false)
    expect((await inspect((app, middleware) => app.use(create.raw(), middleware), raw)).text).toBe('\x00\x01raw')
  })

  it('writes the fields and files of a multipart parser down again', async () => {
    const bytes = framed('ignored', 'multipart/form-data; boundary=XX', false)
    const { text } = await inspect((app, middleware) => {
      app.use(async (req, _res, next) => {
        for await (const _ of req);
        const file = { fieldname: 'f', originalname: 'a".txt', mimetype: 'text/plain', buffer: Buffer.from('content') }
        Object.assign(req, { body: { note: 'hi' }, files: [file] })
        next()
      })
      app.use(middleware)
    }, bytes)
    expect(text).toBe(
      '--XX\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n' +
        '--XX\r\nContent-Disposition: form-data; name="f"; filename="a%22.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n--XX--\r\n',
    )
  })

  it('tells the engine of JSON where the parsed values cannot be written in the declared type', async () => {
    const bytes = framed('<a>1</a>', 'application/xml', false)
    const { text, view } = await inspect((app, middleware) => {
      app.use(async (req, _res, next) => {
        for await (const _ of req);
        Object.assign(req, { body: { a: '1' } })
        next()
      })
      app.use(middleware)
    }, bytes)
    expect(text).toBe('{"a":"1"}')
    expect(view?.rawHeaders).toContain('application/json')
  })

  it('still reads a body that no parser wanted', async () => {
    const bytes = framed('deny-me', 'text/plain', false)
    const { status } = await inspect((app, middleware) => app.use(create.json(), middleware), bytes)
    expect(status).toBe(403)
  })

  it('denies what it denies before parsers', async () => {
    const bytes = framed('{"a":"deny-me"}', 'application/json', true)
    const { status } = await inspect((app, middleware) => app.use(create.json(), middleware), bytes)
    expect(status).toBe(403)
  })
})
