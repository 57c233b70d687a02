import { Worker } from 'node:worker_threads'
import type { Job, JobResult } from './job.ts'

export type RunOptions = {
  readonly threads: number
  readonly onDone?: (done: number, total: number) => void
}

/** Runs jobs in threads; results in the order of the jobs. The first failure ends all of them. */
export async function runJobs(jobs: readonly Job[], options: RunOptions): Promise<readonly JobResult[]> {
  const results = new Array<JobResult>(jobs.length)
  let next = 0
  let done = 0
  const workers = Array.from({ length: Math.min(options.threads, jobs.length) }, () => createWorker())
  const drain = async (worker: Worker): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      results[index] = await answerOf(worker, jobs[index])
      done += 1
      options.onDone?.(done, jobs.length)
    }
  }
  try {
    await Promise.all(workers.map(drain))
    return results
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function createWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url))
}

function answerOf(worker: Worker, job: Job | undefined): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error)
    worker.once('error', onError)
    worker.once('message', (result: JobResult) => {
      worker.off('error', onError)
      resolve(result)
    })
    worker.postMessage(job)
  })
}
