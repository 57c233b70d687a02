import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/core/clock.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { checkUpstream } from '../../src/gateway/upstream.ts'
import { startEchoUpstream } from '../support/echo-upstream.ts'
import { readAnswers, sendRaw } from '../support/raw-client.ts'
import { createScriptedEngine } from '../support/scripted-engine.ts'
import { loopbackConfig, startGateway } from '../support/start-gateway.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: api.test\r\n\r\n`

/** An upstream that answers when told. */
async function startWaiting() {
  const waiting: (() => void)[] = []
  const server = createServer((_req, res) => waiting.push(() => res.end('late')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('draining', () => {
  it('lets a running request end, closes its connection and takes no new one', async () => {
    const upstream = await startWaiting()
    const { gateway, port } = await startGateway(upstream.url)
    const running = sendRaw(get(), { port, untilClosed: true })
    await until(() => upstream.waiting.length === 1)
    const drained = gateway.drain()
    await expect(sendRaw(get(), { port })).rejects.toThrow('ECONNREFUSED')
    upstream.waiting[0]?.()
    const answer = await running
    expect(answer.text).toContain('late')
    expect(answer.headers.get('connection')).toBe('close')
    await drained
  })

  it('closes idle connections at once', async () => {
    const upstream = await startEchoUpstream()
    closers.push(upstream.close)
    const { gateway, port } = await startGateway(upstream.url)
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(get())
    await once(socket, 'data')
    const closed = once(socket, 'close')
    await gateway.drain()
    await closed
  })

  it('gives up on requests that do not end in time', async () => {
    const upstream = await startWaiting()
    const { gateway, port, engine } = await startGateway(upstream.url, { timeouts: { drainMs: 50 } })
    const running = sendRaw(get(), { port, untilClosed: true })
    await until(() => upstream.waiting.length === 1)
    await gateway.drain()
    expect((await running).status).toBe(0)
    await until(() => engine.settled.length === 1)
    expect(engine.settled[0]?.outcome.status).toBe(0)
  })
})

describe('starting', () => {
  it('says in one sentence that the port is taken', async () => {
    const { gateway, config, port } = await startGateway('http://127.0.0.1:9')
    closers.push(gateway.close)
    const second = createGateway({
      config: { ...config, listen: { host: '127.0.0.1', port } },
      engine: createScriptedEngine(),
      clock: systemClock,
      emit: () => undefined,
      upstream: 'http://127.0.0.1:9',
    })
    await expect(second.listen()).rejects.toMatchObject({
      code: 'THY_PORT',
      exitCode: 2,
      message: `Port ${port} on 127.0.0.1 is already in use.`,
    })
  })

  it('says in one sentence that the address is not of this machine', async () => {
    const config = loopbackConfig()
    const gateway = createGateway({
      config: { ...config, listen: { host: '192.0.2.1', port: 0 } },
      engine: createScriptedEngine(),
      clock: systemClock,
      emit: () => undefined,
      upstream: 'http://127.0.0.1:9',
    })
    await expect(gateway.listen()).rejects.toMatchObject({
      code: 'THY_PORT',
      message: '192.0.2.1 is not an address of this machine.',
    })
  })

  it('finds an upstream that listens', async () => {
    const upstream = await startEchoUpstream()
    closers.push(upstream.close)
    await expect(checkUpstream(upstream.url)).resolves.toBeUndefined()
  })

  it('says in one sentence that nobody listens at the upstream', async () => {
    const upstream = await startEchoUpstream()
    await upstream.close()
    await expect(checkUpstream(upstream.url)).rejects.toMatchObject({
      code: 'THY_UPSTREAM',
      exitCode: 2,
      message: `The upstream ${upstream.url} cannot be reached: the connection was refused.`,
    })
  })
})

describe('parser errors', () => {
  it('never answers a broken request in the place of an earlier one', async () => {
    const upstream = await startWaiting()
    const { gateway, port } = await startGateway(upstream.url)
    closers.push(gateway.close)
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(get())
    await until(() => upstream.waiting.length === 1)
    socket.write('BROKEN\r\n\r\n')
    expect((await readAnswers(socket, { answers: 1, untilClosed: true })).text).toBe('')
  })

  it('tells telemetry of them', async () => {
    const { gateway, port, events } = await startGateway('http://127.0.0.1:9')
    closers.push(gateway.close)
    await sendRaw('BROKEN\r\n\r\n', { port, untilClosed: true })
    expect(events).toMatchObject([{ kind: 'exchange', exchange: { status: 400, verdict: { because: 'malformed' } } }])
  })
})
