import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { WebSocket, WebSocketServer } from 'ws'
import { sendRaw } from '../support/raw-client.ts'
import { type RunningGateway, startGateway } from '../support/start-gateway.ts'

let running: RunningGateway
let close: () => Promise<void>
let seenHeaders: IncomingHttpHeaders = {}
let upstreamClosed = 0

beforeEach(async () => {
  const server = createServer((_req, res) => res.writeHead(426, { 'content-length': 2 }).end('no'))
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (req, socket, head) => {
    seenHeaders = req.headers
    if (req.url === '/refuse') {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nConnection: close\r\n\r\nshut')
      return
    }
    if (req.url === '/odd') {
      socket.end(
        Buffer.from('HTTP/1.1 401 d\xe9fendu\x01\r\nContent-Length: 4\r\nConnection: close\r\n\r\nshut', 'latin1'),
      )
      return
    }
    if (req.url === '/reset') {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(req, socket, head, (connection) => {
      connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }))
      connection.on('close', () => {
        upstreamClosed += 1
      })
      if (req.url === '/hello') connection.send('hello at once')
      if (req.url === '/hang-up') connection.terminate()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running = await startGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  close = async () => {
    await running.gateway.close()
    for (const client of sockets.clients) client.terminate()
    server.close()
    server.closeAllConnections()
  }
})
afterEach(async () => {
  await close()
})

async function open(path: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${running.port}${path}`)
  await once(socket, 'open')
  return socket
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const handshake = (path: string, ...headers: string[]) =>
  `${[`GET ${path} HTTP/1.1`, 'Host: a', ...headers].join('\r\n')}\r\n\r\n`
const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13']

describe('a WebSocket', () => {
  it('passes messages both ways, large ones too', async () => {
    const socket = await open('/echo')
    for (const message of ['small', 'x'.repeat(2_000_000)]) {
      socket.send(message)
      const [data] = (await once(socket, 'message')) as [Buffer]
      expect(data.toString()).toBe(message)
    }
    socket.close()
    await once(socket, 'close')
    expect(seenHeaders['x-forwarded-for']).toBe('127.0.0.1')
    expect(running.engine.settled.map(({ outcome }) => outcome.status)).toEqual([101])
  })

  it('passes on what the upstream says right behind the handshake', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.port}/hello`)
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(data.toString()).toBe('hello at once')
    socket.terminate()
  })

  it('closes the upstream side when the client goes away', async () => {
    const before = upstreamClosed
    const socket = await open('/echo')
    socket.terminate()
    await until(() => upstreamClosed === before + 1)
  })

  it('closes the client side when the upstream goes away', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.port}/hang-up`)
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1006)
  })

  it('is refused by the engine like any request', async () => {
    for (const [path, status] of [
      ['/deny-me', 403],
      ['/held-me', 403],
      ['/slow-me', 429],
      ['/fault-me', 500],
    ] as const) {
      const bytes = handshake(path, 'Connection: Upgrade', 'Upgrade: websocket', ...key)
      const answer = await sendRaw(bytes, { port: running.port, untilClosed: true })
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    await until(() => running.engine.settled.length === 3)
  })

  it('passes on a refusal of the upstream', async () => {
    const bytes = handshake('/refuse', 'Connection: Upgrade', 'Upgrade: websocket', ...key)
    const answer = await sendRaw(bytes, { port: running.port, untilClosed: true })
    expect(answer.status).toBe(401)
    expect(answer.body).toBe('shut')
    await until(() => running.engine.settled.length === 1)
    expect(running.engine.settled[0]?.outcome.status).toBe(401)
  })

  it('passes on a refusal whose reason phrase cannot be written', async () => {
    const bytes = handshake('/odd', 'Connection: Upgrade', 'Upgrade: websocket', ...key)
    const answer = await sendRaw(bytes, { port: running.port, untilClosed: true })
    expect([answer.status, answer.body]).toEqual([401, 'shut'])
  })

  it('gets 502 when the upstream breaks off', async () => {
    const bytes = handshake('/reset', 'Connection: Upgrade', 'Upgrade: websocket', ...key)
    expect((await sendRaw(bytes, { port: running.port, untilClosed: true })).status).toBe(502)
  })

  it('is refused with Upgrade that Connection does not name', async () => {
    const answer = await sendRaw(handshake('/echo', 'Upgrade: websocket', ...key), { port: running.port })
    expect(answer.status).toBe(426)
    const doubtful = await sendRaw(handshake('/echo', 'Upgrade: websocket', 'Connection: upgrade, host', ...key), {
      port: running.port,
      untilClosed: true,
    })
    expect(doubtful.status).toBe(400)
  })

  it('ends when the gateway closes', async () => {
    const socket = await open('/echo')
    const closed = once(socket, 'close')
    await running.gateway.close()
    await closed
  })

  it('is served as a plain request when it is pipelined behind another', async () => {
    const bytes = `GET / HTTP/1.1\r\nHost: a\r\n\r\n${handshake('/echo', 'Connection: Upgrade', 'Upgrade: websocket', ...key)}`
    const answer = await sendRaw(bytes, { port: running.port, answers: 2 })
    expect(answer.text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 426', 'HTTP/1.1 426'])
  })

  it('closes the connection on CONNECT that is pipelined behind other requests, and settles each of them once', async () => {
    const before = running.engine.settled.length
    const bytes = `${'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3)}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n`
    expect((await sendRaw(bytes, { port: running.port, untilClosed: true })).isClosed).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(running.engine.settled).toHaveLength(before + 3)
    expect((await sendRaw('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { port: running.port })).status).toBe(426)
  })

  it('is forgotten when the client goes away during the handshake', async () => {
    const socket = connect({ port: running.port, host: '127.0.0.1' })
    socket.write(handshake('/echo', 'Connection: Upgrade', 'Upgrade: websocket', ...key))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await sendRaw('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { port: running.port })).status).toBe(426)
  })
})
