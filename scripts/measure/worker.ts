import { parentPort } from 'node:worker_threads'
import { type Job, runJob } from './job.ts'

/** One thread of `run-jobs.ts`. A job that fails ends the thread, and with it the run. */
parentPort?.on('message', async (job: Job) => {
  parentPort?.postMessage(await runJob(job))
})
