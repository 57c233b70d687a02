import { Redis, type RedisOptions } from 'ioredis'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { hashText } from '../core/hash.ts'
import type { SharedStore, StoredRecord } from './record-store.ts'
import { createRedisFleet } from './redis-fleet.ts'

export type RedisStoreOptions = {
  readonly url: string
  readonly prefix: string
  readonly nodeId: string
  readonly clock: Clock
}

/**
 * Names of the keys. The braces keep them on one shard of a cluster, since they change in one transaction.
 *
 *   {prefix}:v1:records   hash    slot -> record         the truth
 *   {prefix}:v1:log       stream  n = node, r = record   the order, cut to the newest
 *   {prefix}:v1:hint      channel node                   a hint to look at the stream
 *   {prefix}:v1:nodes     hash    node -> digest, time   what the nodes compare
 *   {prefix}:v1:snapshot:NAME     string                 signature, then bytes
 */
export function redisKeys(prefix: string) {
  const start = `{${prefix}}:v1`
  const snapshot = (name: string): string => `${start}:snapshot:${name}`
  return { records: `${start}:records`, log: `${start}:log`, hint: `${start}:hint`, nodes: `${start}:nodes`, snapshot }
}

/** The line to Redis, for the two things that use it. */
export type RedisLine = {
  readonly store: SharedStore
  readonly getBytes: (name: string) => Promise<Uint8Array | undefined>
  readonly setBytes: (name: string, content: Uint8Array) => Promise<void>
}

const streamLength = 50_000
const pageSize = 500

/** Connects in the background and goes on trying; plain commands only, so that an ACL may forbid scripts. */
export function openRedisStore({ url, prefix, nodeId, clock }: RedisStoreOptions): RedisLine {
  const keys = redisKeys(prefix)
  const { commands, hints, whenLine } = connect(url, nodeId)
  const fleet = createRedisFleet({ commands, keys, nodeId, clock })
  hints.on('ready', () => {
    hints.subscribe(keys.hint).catch(() => undefined)
  })

  async function run(work: () => Promise<unknown>): Promise<void> {
    if (commands.status !== 'ready') throw new Error('Redis is out of reach')
    await work()
  }

  return {
    store: {
      load: () => loadAll(commands, keys.records),
      write: (records) =>
        run(async () => {
          if (records.length === 0) return
          const batch = commands.multi().hset(keys.records, ...records.flatMap(({ key, text }) => [key, text]))
          for (const { text } of records) {
            batch.xadd(keys.log, 'MAXLEN', '~', streamLength, '*', 'n', nodeId, 'r', text)
          }
          await allOf(batch.publish(keys.hint, nodeId).exec())
        }),
      erase: (fields) => run(async () => fields.length > 0 && commands.hdel(keys.records, ...fields)),
      close: async () => {
        hints.disconnect()
        commands.disconnect()
      },
      onLine: whenLine,
      onHint: (listener) => {
        hints.on('message', (_channel: string, from: string) => {
          if (from !== nodeId) listener()
        })
      },
      ...fleet,
    },
    getBytes: async (name) => (await commands.getBuffer(keys.snapshot(name))) ?? undefined,
    setBytes: (name, content) => run(() => commands.set(keys.snapshot(name), Buffer.from(content))),
  }
}

/** Results of a transaction; the first error in it is thrown. */
export async function allOf(replies: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  const results = (await replies) ?? []
  return results.map(([fault, value]) => {
    if (fault !== null) throw fault
    return value
  })
}

async function loadAll(commands: Redis, key: string): Promise<StoredRecord[]> {
  const found = new Map<string, string>()
  let cursor = '0'
  do {
    const [next, pairs] = await commands.hscan(key, cursor, 'COUNT', pageSize)
    for (let index = 0; index + 1 < pairs.length; index += 2) found.set(String(pairs[index]), String(pairs[index + 1]))
    cursor = next
  } while (cursor !== '0')
  return Array.from(found, ([slot, text]) => ({ key: slot, text }))
}

/** Nothing here is on the path of a request; the limits keep a silent Redis from piling up commands. */
function connect(url: string, nodeId: string) {
  const options = {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    connectionName: `thymus-${nodeId}`,
    // Nodes that lost the line together do not come back together.
    retryStrategy: (times: number) =>
      Math.min(50 * 2 ** Math.min(times, 6), 2_000) + (hashText(`${nodeId}${times}`) % 200),
  } satisfies RedisOptions
  const commands = new Redis(url, { ...options, socketTimeout: 10_000 })
  const hints = new Redis(url, { ...options, autoResubscribe: false })
  let lastFault = 'connection closed'
  let isUp: boolean | undefined
  const listeners: ((isUp: boolean, detail: string) => void)[] = []
  const tell = (now: boolean): void => {
    if (isUp === now) return
    isUp = now
    for (const listener of listeners) listener(now, `${placeOf(url)}${now ? '' : `: ${lastFault}`}`)
  }
  hints.on('error', () => undefined)
  commands.on('error', (fault: unknown) => {
    lastFault = messageOf(fault) || 'connection refused'
  })
  commands.on('ready', () => tell(true))
  commands.on('close', () => tell(false))
  commands.connect().catch(() => undefined)
  hints.connect().catch(() => undefined)
  return {
    commands,
    hints,
    whenLine: (listener: (isUp: boolean, detail: string) => void) => void listeners.push(listener),
  }
}

/** Host and port; user and password stay out of logs. */
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'Redis'
}
