import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A real redis-server of one test file, with a folder and a port of its own. */
export type RedisServer = {
  readonly url: string
  readonly port: number
  readonly start: () => Promise<void>
  /** As a crash does. */
  readonly kill: () => Promise<void>
  /** A line for the test itself. */
  readonly client: () => Redis
  readonly stop: () => Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-redis-'))
  const port = await freePort()
  const clients: Redis[] = []
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes']
    server = spawn(process.env['THYMUS_REDIS_SERVER'] ?? 'redis-server', args, { stdio: 'ignore' })
    await untilReady(port)
  }

  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill,
    client: () => {
      const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 20 })
      client.on('error', () => undefined)
      clients.push(client)
      return client
    },
    stop: async () => {
      for (const client of clients) client.disconnect()
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(port: number): Promise<void> {
  const probe = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null })
  probe.on('error', () => undefined)
  try {
    await probe.connect().catch(() => undefined)
    while ((await probe.ping().catch(() => '')) !== 'PONG') await delay(20)
  } finally {
    probe.disconnect()
  }
}

/** Waits for something that other processes bring about, and gives up before the test's own limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1_500; round += 1) {
    if (await condition()) return
    await delay(10)
  }
  throw new Error('what was waited for did not happen')
}
