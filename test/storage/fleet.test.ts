import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import { createRecordLog, type OpenRecordLog } from '../../src/storage/create-record-log.ts'
import { createFleet, type Fleet } from '../../src/storage/fleet.ts'
import type { Storage } from '../../src/storage/memory-storage.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { createProcessStore } from '../../src/storage/record-store.ts'
import { recordText } from '../../src/storage/record-text.ts'
import { openRedisStore, redisKeys } from '../../src/storage/redis-store.ts'
import { createFolders } from './folders.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import { draftWith, recordWith } from './records.ts'
import { type RedisServer, startRedis, until } from './redis-server.ts'

type Node = { readonly log: OpenRecordLog; readonly events: ThymusEvent[]; readonly close: () => Promise<void> }

const folders = createFolders()
let server: RedisServer
let prefix = ''
let count = 0
const open: { close: () => Promise<unknown> }[] = []

beforeAll(async () => {
  server = await startRedis()
})
afterEach(async () => {
  for (const node of open.splice(0)) await node.close()
})
afterAll(async () => {
  await server.stop()
  folders.removeAll()
})

function freshPrefix(): string {
  count += 1
  prefix = `test-${count}`
  return prefix
}

/** A node with short periods, so that repair needs no patience. */
async function startFleetNode(nodeId: string, secret: string | null = null): Promise<Node> {
  const events: ThymusEvent[] = []
  let fleet: Fleet | undefined
  const log = createRecordLog({
    nodeId,
    secret,
    clock: systemClock,
    store: createProcessStore(),
    onKept: (records, erased) => fleet?.publish(records, erased),
  })
  const { store: shared } = openRedisStore({ url: server.url, prefix, nodeId, clock: systemClock })
  fleet = createFleet({ shared, log, emit: (event) => events.push(event), pollMs: 50, checkMs: 100 })
  await fleet.start(5_000)
  const close = async (): Promise<void> => {
    await log.flush()
    await fleet?.close()
    await log.close()
  }
  const node = { log, events, close }
  open.push(node)
  return node
}

describe('nodes that share a Redis', () => {
  it('see what others append and withdraw', async () => {
    freshPrefix()
    const [a, b] = [await startFleetNode('a'), await startFleetNode('b')]
    const record = a.log.append(draftWith())
    await until(() => b.log.get('hold', 'client-1') !== undefined)
    expect(b.log.get('hold', 'client-1')).toEqual(record)
    b.log.revoke(record.id, 'person')
    await until(() => a.log.get('hold', 'client-1') === undefined)
    await until(() => a.log.digest() === b.log.digest())
    expect(a.events[0]).toMatchObject({ kind: 'store', state: 'connected' })
  })

  it('give a cold node everything before it has started', async () => {
    freshPrefix()
    const a = await startFleetNode('a')
    for (let index = 0; index < 300; index += 1) a.log.append(draftWith({ subject: `client-${index}` }))
    await a.log.flush()
    await a.close()
    const b = await startFleetNode('b')
    expect(b.log.list('hold')).toHaveLength(300)
  })

  it('agree although Redis was killed while both wrote', async () => {
    freshPrefix()
    const [a, b] = [await startFleetNode('a'), await startFleetNode('b')]
    for (let index = 0; index < 400; index += 1) {
      a.log.append(draftWith({ subject: `client-${index}` }))
      b.log.append(draftWith({ subject: `client-${index % 150}`, kind: 'cell' }))
      if (index === 200) await server.kill()
      if (index % 20 === 0) await a.log.flush()
    }
    await until(() => a.events.some((event) => event.kind === 'store' && event.state === 'disconnected'))
    expect(a.log.list('hold')).toHaveLength(400)
    await server.start()
    await until(() => a.log.digest() === b.log.digest() && b.log.list('hold').length === 400)
    expect(a.log.list('cell')).toHaveLength(150)
  })

  it('fill a Redis again that somebody emptied', async () => {
    freshPrefix()
    const [a, b] = [await startFleetNode('a'), await startFleetNode('b')]
    a.log.append(draftWith())
    await until(() => b.log.list('hold').length === 1)
    const client = server.client()
    await client.flushall()
    await until(async () => (await client.hlen(redisKeys(prefix).records)) === 1)
    const c = await startFleetNode('c')
    expect(c.log.list('hold')).toHaveLength(1)
  })

  it('mend what was lost or overwritten in Redis', async () => {
    freshPrefix()
    const a = await startFleetNode('a')
    const client = server.client()
    const kept = a.log.append(draftWith())
    for (let index = 0; index < 5; index += 1) a.log.append(draftWith({ subject: `other-${index}` }))
    const { records } = redisKeys(prefix)
    await until(async () => (await client.hlen(records)) === 6)
    await client.hdel(records, 'hold:machine:other-1', 'hold:machine:other-2')
    await client.hset(records, 'hold:machine:client-1', '{"broken')
    await until(async () => (await client.hlen(records)) === 6)
    await until(async () => (await client.hget(records, 'hold:machine:client-1')) === recordText(kept))
  })

  it('hear of what only the hash holds by comparing digests', async () => {
    freshPrefix()
    const a = await startFleetNode('a')
    const foreign = recordWith({ id: 'z.1.0', origin: 'z', clock: [Date.now(), 0] })
    await server.client().hset(redisKeys(prefix).records, 'hold:machine:client-1', recordText(foreign))
    await until(() => a.log.get('hold', 'client-1')?.id === 'z.1.0')
  })

  it('ignore and count what is unsigned, too large or no record', async () => {
    freshPrefix()
    const a = await startFleetNode('a', 'a-secret-of-the-fleet')
    const client = server.client()
    const { log, hint } = redisKeys(prefix)
    const bad = [recordText(recordWith({ clock: [Date.now(), 0] })), 'x'.repeat(10_000), '{"id":1}', '', '\u0000']
    for (const text of bad) await client.xadd(log, '*', 'n', 'z', 'r', text)
    await client.xadd(log, '*', 'other', 'form')
    await client.publish(hint, 'z')
    await until(() => Object.values(a.log.stats().refused).reduce((sum, n) => sum + n, 0) >= 6)
    expect(a.log.stats().refused).toMatchObject({ signature: 1, oversized: 1, malformed: 4 })
    expect(a.log.size()).toBe(0)
    const b = await startFleetNode('b', 'a-secret-of-the-fleet')
    a.log.append(draftWith())
    await until(() => b.log.list('hold').length === 1)
  })

  it('go on when Redis refuses every write, and say so', async () => {
    freshPrefix()
    const client = server.client()
    await client.set(redisKeys(prefix).records, 'a string where a hash should be')
    const a = await startFleetNode('a')
    a.log.append(draftWith())
    await until(() => a.events.some((event) => event.kind === 'fault'))
    expect(a.log.list('hold')).toHaveLength(1)
    await client.del(redisKeys(prefix).records)
    await until(async () => (await client.hlen(redisKeys(prefix).records)) === 1)
  })

  it('take the snapshot of the fleet when they start cold, and only with the right signature', async () => {
    freshPrefix()
    const start = async (secret: string): Promise<Storage> => {
      const config = configSchema.parse({ dataDir: folders.make(), redis: { url: server.url, prefix, secret } })
      const storage = await openStorage({ config, clock: systemClock, emit: () => undefined })
      open.push(storage)
      return storage
    }
    const first = await start('a-secret-of-the-fleet')
    await first.snapshots.save('profiles', Uint8Array.of(3, 2, 1))
    const second = await start('a-secret-of-the-fleet')
    expect(await second.snapshots.load('profiles')).toEqual(Uint8Array.of(3, 2, 1))
    const stranger = await start('another-secret-of-others')
    expect(await stranger.snapshots.load('profiles')).toBeUndefined()
  })
})

describe('two processes with one Redis', () => {
  async function startBoth(): Promise<[NodeProcess, NodeProcess]> {
    // Both use the default prefix: this server is empty of it.
    return [await startNode(folders.make(), server.url), await startNode(folders.make(), server.url)]
  }

  it('see what the other appends, share a memory cell, and end by themselves', async () => {
    const [a, b] = await startBoth()
    await a.ask({ kind: 'append', subject: 'from-a' })
    await until(async () => (await b.ask({ kind: 'has', subject: 'from-a' })) === true)
    const attack = "1' union select name, secret from accounts -- "
    const cellId = await a.ask({ kind: 'remember', value: attack })
    expect(cellId).toMatch(/^cell-/)
    await until(async () => ((await b.ask({ kind: 'recall', value: attack.toUpperCase() })) as string[])[0] === cellId)
    await until(async () => (await a.ask({ kind: 'digest' })) === (await b.ask({ kind: 'digest' })))
    expect(await Promise.all([a.close(), b.close()])).toEqual([0, 0])
  })
})
