import type { StoredRecord } from './record-store.ts'
import type { RedisLine, RedisStoreOptions } from './redis-store.ts'
import { startWorker } from './worker-calls.ts'

export type RedisLineOptions = Omit<RedisStoreOptions, 'clock'>

/** What is asked of the worker that holds the line. */
export type RedisCall =
  | { readonly kind: 'load' | 'seek' | 'tail' | 'close' }
  | { readonly kind: 'write'; readonly records: readonly StoredRecord[] }
  | { readonly kind: 'erase'; readonly keys: readonly string[] }
  | { readonly kind: 'exchange'; readonly digest: string }
  | { readonly kind: 'get-bytes'; readonly name: string }
  | { readonly kind: 'set-bytes'; readonly name: string; readonly content: Uint8Array }

/** What the worker says of its own accord. */
export type RedisNews =
  | { readonly kind: 'line'; readonly isUp: boolean; readonly detail: string }
  | { readonly kind: 'hint' }

/**
 * The line to Redis, held by a worker thread: ioredis subclasses `String`, which takes an optimisation from V8 for the
 * whole thread that loads it and doubles the cost of reading a request there (docs/RATIONALE.md).
 */
export function openRedisLine(options: RedisLineOptions): RedisLine {
  const calls = startWorker('redis.worker', options)
  const ask = <Answer>(call: RedisCall): Promise<Answer> => calls.ask(call) as Promise<Answer>
  return {
    store: {
      load: () => ask({ kind: 'load' }),
      write: (records) => ask({ kind: 'write', records }),
      erase: (keys) => ask({ kind: 'erase', keys }),
      close: () => ask<void>({ kind: 'close' }).catch(() => undefined),
      seek: () => ask({ kind: 'seek' }),
      tail: () => ask({ kind: 'tail' }),
      exchange: (digest) => ask({ kind: 'exchange', digest }),
      onLine: (listener) =>
        calls.onNews((news) => {
          const { kind, ...line } = news as RedisNews & { isUp: boolean; detail: string }
          if (kind === 'line') listener(line.isUp, line.detail)
        }),
      onHint: (listener) =>
        calls.onNews((news) => {
          if ((news as RedisNews).kind === 'hint') listener()
        }),
    },
    getBytes: (name) => ask({ kind: 'get-bytes', name }),
    setBytes: (name, content) => ask({ kind: 'set-bytes', name, content }),
  }
}
