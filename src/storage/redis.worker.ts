import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { RedisCall, RedisLineOptions, RedisNews } from './redis-line.ts'
import { openRedisStore } from './redis-store.ts'

// Runs ioredis off the main thread, where it can slow down no request.
const line = openRedisStore({ ...(workerData as RedisLineOptions), clock: systemClock })
const tell = (news: RedisNews): void => parentPort?.postMessage({ news })
line.store.onLine((isUp, detail) => tell({ kind: 'line', isUp, detail }))
line.store.onHint(() => tell({ kind: 'hint' }))

function answer(call: RedisCall): Promise<unknown> {
  switch (call.kind) {
    case 'load':
      return line.store.load()
    case 'write':
      return line.store.write(call.records)
    case 'erase':
      return line.store.erase(call.keys)
    case 'seek':
      return line.store.seek()
    case 'tail':
      return line.store.tail()
    case 'exchange':
      return line.store.exchange(call.digest)
    case 'get-bytes':
      return line.getBytes(call.name)
    case 'set-bytes':
      return line.setBytes(call.name, call.content)
    case 'close':
      return line.store.close()
  }
}

parentPort?.on('message', ({ id, request }: { id: number; request: RedisCall }) => {
  answer(request).then(
    (result) => {
      parentPort?.postMessage({ id, answer: result })
      if (request.kind === 'close') parentPort?.close()
    },
    (thrown: unknown) => parentPort?.postMessage({ id, fault: messageOf(thrown) }),
  )
})
