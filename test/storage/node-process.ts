import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order } from './node-program.ts'

export type NodeProcess = {
  readonly nodeId: string
  readonly ask: (order: Order) => Promise<unknown>
  /** As `kill -9`. */
  readonly kill: () => Promise<void>
  /** Lets it close by itself; resolves with its exit code. */
  readonly close: () => Promise<number>
}

/** Starts a node in a process of its own; rejects with what it wrote when it ends before it is ready. */
export async function startNode(dataDir: string, redisUrl = ''): Promise<NodeProcess> {
  const program = fileURLToPath(new URL('./node-program.ts', import.meta.url))
  const child = fork(program, [dataDir, redisUrl], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
  const waiting = new Map<number, (answer: unknown) => void>()
  let lastId = 0
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.on('message', (reply: { id: number; answer: unknown }) => {
    waiting.get(reply.id)?.(reply.answer)
    waiting.delete(reply.id)
  })
  const gone = once(child, 'close')
  const ready = new Promise<unknown>((resolve) => {
    waiting.set(0, resolve)
  })
  const nodeId = await Promise.race([ready, gone.then(() => undefined)])
  if (typeof nodeId !== 'string') throw new Error(errors)

  const ask = (order: Order): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      child.send({ id: lastId, order })
    })
  return {
    nodeId,
    ask,
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    close: async () => {
      void ask({ kind: 'close' })
      const [code] = await gone
      return Number(code)
    },
  }
}
