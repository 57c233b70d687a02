import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

type Waiting = { readonly resolve: (answer: unknown) => void; readonly reject: (fault: Error) => void }

/** What a worker posts: the answer to a call, or news of its own accord. */
export type WorkerMessage =
  | { readonly id: number; readonly answer?: unknown; readonly fault?: string }
  | { readonly news: unknown }

/** Calls into a worker thread, answered in any order. */
export type WorkerCalls = {
  readonly ask: (request: unknown) => Promise<unknown>
  readonly onNews: (listener: (news: unknown) => void) => void
}

/**
 * Starts `name` (a file beside this one, without its ending) as a worker. It keeps the process alive only while it owes
 * an answer; when it ends, everything that waits is rejected.
 */
export function startWorker(name: string, workerData: unknown): WorkerCalls {
  // The file is .ts in the sources and .js once built.
  const file = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { workerData, execArgv: ['--disable-warning=ExperimentalWarning'] })
  const waiting = new Map<number, Waiting>()
  const listeners: ((news: unknown) => void)[] = []
  let lastId = 0
  let ended: string | undefined

  function end(why: string): void {
    ended ??= why
    for (const { reject } of waiting.values()) reject(new Error(ended))
    waiting.clear()
  }

  function settle(message: Extract<WorkerMessage, { id: number }>): void {
    const entry = waiting.get(message.id)
    waiting.delete(message.id)
    if (waiting.size === 0) worker.unref()
    if (message.fault === undefined) entry?.resolve(message.answer)
    else entry?.reject(new Error(message.fault))
  }

  worker.unref()
  worker.on('error', (fault) => end(fault instanceof Error ? fault.message : String(fault)))
  worker.on('exit', () => end('the store is closed'))
  worker.on('message', (message: WorkerMessage) => {
    if ('id' in message) settle(message)
    else for (const listener of listeners) listener(message.news)
  })

  return {
    onNews: (listener) => void listeners.push(listener),
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(new Error(ended))
          return
        }
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        worker.ref()
        worker.postMessage({ id: lastId, request })
      }),
  }
}
