import type { Redis } from 'ioredis'
import type { Clock } from '../core/clock.ts'
import type { SharedStore } from './record-store.ts'

export type RedisFleetOptions = {
  readonly commands: Redis
  readonly keys: { readonly records: string; readonly log: string; readonly nodes: string }
  readonly nodeId: string
  readonly clock: Clock
}

type Entry = [id: string, members: string[]]

const pageSize = 500
/** A node that was silent for this long is taken off the list. */
const forgetNodeMs = 86_400_000

/** The part of the shared store that follows what other nodes write. */
export function createRedisFleet(options: RedisFleetOptions): Pick<SharedStore, 'seek' | 'tail' | 'exchange'> {
  const { commands, keys, nodeId, clock } = options
  let position = '0-0'
  let heard = new Map<string, string>()

  return {
    seek: async () => {
      const newest = (await commands.xrevrange(keys.log, '+', '-', 'COUNT', 1)) as Entry[]
      position = newest[0]?.[0] ?? '0-0'
    },
    tail: async () => {
      const texts: string[] = []
      for (;;) {
        const page = (await commands.xrange(keys.log, `(${position}`, '+', 'COUNT', pageSize)) as Entry[]
        for (const [id, members] of page) {
          position = id
          const text = members[members.indexOf('r') + 1]
          if (text !== undefined && members[1] !== nodeId) texts.push(text)
        }
        if (page.length < pageSize) break
      }
      return { texts, count: await commands.hlen(keys.records) }
    },
    exchange: async (digest) => {
      const nowMs = clock.now()
      await commands.hset(keys.nodes, nodeId, `${digest} ${nowMs}`)
      const words = new Map(Object.entries(await commands.hgetall(keys.nodes)))
      const fresh = new Map<string, string>()
      for (const [node, word] of words) {
        const [theirs = '', writtenAtMs = ''] = word.split(' ')
        if (node !== nodeId && heard.get(node) !== word) fresh.set(node, theirs)
        if (nowMs - Number(writtenAtMs) > forgetNodeMs) await commands.hdel(keys.nodes, node)
      }
      heard = words
      return fresh
    },
  }
}
