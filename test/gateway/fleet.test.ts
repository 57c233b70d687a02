import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createThymus, type Thymus } from '../../src/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type RedisServer, startRedis } from '../storage/redis-server.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type RunningGateway, startGatewayWith } from '../support/start-gateway.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Node = { readonly thymus: Thymus; readonly running: RunningGateway<Engine> }

async function startNode(redis: RedisServer, upstream: EchoUpstream): Promise<Node> {
  const dataDir = mkdtempSync(join(tmpdir(), 'thymus-node-'))
  closers.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const settings = {
    mode: 'enforce' as const,
    dataDir,
    redis: { url: redis.url },
    innate: { requestsPerSecond: null, routeRequestsPerSecond: null },
    telemetry: { level: 'silent' as const },
  }
  const thymus = await createThymus(settings)
  closers.push(thymus.close)
  const running = await startGatewayWith(thymus.engine, { upstream: upstream.url, input: settings })
  closers.push(running.gateway.close)
  return { thymus, running }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5)
}

const attack = {
  location: 'query',
  value: '{{|#x~[run]=>"\'|}}',
  family: 'test',
  referenceId: 'r',
  confirmedBy: ['test'],
} as const

describe('gateways that share a Redis', () => {
  it('refuse at each other what one of them remembers', async () => {
    const redis = await startRedis()
    closers.push(redis.stop)
    const upstream = await startEchoUpstream()
    closers.push(upstream.close)
    const [first, second] = [await startNode(redis, upstream), await startNode(redis, upstream)]
    const target = `/search?q=${encodeURIComponent(attack.value)}`
    expect((await fetch(`${second.running.url}/search?q=hello`)).status).toBe(200)
    first.thymus.parts().memory.remember(attack)
    await until(() => second.thymus.parts().memory.cells().length === 1)
    expect((await fetch(second.running.url + target)).status).toBe(403)
  })

  it('answer every request while Redis dies, is away and comes back', async () => {
    const redis = await startRedis()
    closers.push(redis.stop)
    const upstream = await startEchoUpstream()
    closers.push(upstream.close)
    const { running, thymus } = await startNode(redis, upstream)
    const statuses: number[] = []
    const send = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += 1)
        statuses.push((await fetch(`${running.url}/orders?page=${sent % 7}`)).status)
    }
    await send(20)
    const traffic = send(100)
    await redis.kill()
    await traffic
    expect(thymus.parts().memory.remember(attack)).toBeDefined()
    await send(40)
    await redis.start()
    const inRedis = redis.client()
    await send(20)
    await until(() => thymus.storage.records.list('cell').length === 1)
    while ((await inRedis.hlen('{thymus}:v1:records')) === 0) await wait(20)
    expect(statuses.length).toBe(180)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
  })
})
