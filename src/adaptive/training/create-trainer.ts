import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { messageOf } from '../../core/errors.ts'
import { modelSchema, trialSchema } from '../self-model/model-content.ts'
import type { Trainer, TrainingJob, TrainingOutcome } from '../self-model/trainer.ts'
import type { BackendName } from './backend.ts'

/** A training that takes longer hangs. */
const timeoutMs = 60_000
const maxHeapMb = 512

const outcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('trained'),
    model: modelSchema,
    backend: z.string(),
    loss: z.number(),
    epochs: z.int(),
    trainedOn: z.int(),
    votedOut: z.int(),
    trials: z.strictObject({ candidate: trialSchema, current: trialSchema.nullable() }),
  }),
  z.strictObject({ kind: z.literal('off'), why: z.string() }),
  z.strictObject({ kind: z.literal('failed'), why: z.string() }),
])

/** Trains in a worker thread that lives as long as one training. `order`: the backends to try, for tests. */
export function createTrainer({ order }: { readonly order?: readonly BackendName[] } = {}): Trainer {
  let stop: (() => Promise<void>) | null = null
  let isClosed = false
  return {
    train: async (job) => {
      if (isClosed) return { kind: 'failed', why: 'the trainer is closed' }
      if (stop !== null) return { kind: 'failed', why: 'another model is being trained' }
      const run = startTraining(job, order)
      stop = run.stop
      const outcome = await run.outcome
      stop = null
      return outcome
    },
    close: async () => {
      isClosed = true
      await stop?.()
    },
  }
}

type Run = { readonly outcome: Promise<TrainingOutcome>; readonly stop: () => Promise<void> }

function startTraining(job: TrainingJob, order: readonly BackendName[] | undefined): Run {
  // The file is .ts in the sources and .js once built.
  const file = new URL(`./train.worker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, {
    workerData: { job, ...(order === undefined ? {} : { order }) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    // What TensorFlow prints about itself is no line of ours.
    stdout: true,
    stderr: true,
  })
  worker.stdout.resume()
  worker.stderr.resume()
  // A training must not keep a process alive that is done otherwise.
  worker.unref()
  const outcome = new Promise<TrainingOutcome>((resolve) => {
    const fail = (why: string): void => resolve({ kind: 'failed', why })
    const timer = setTimeout(() => {
      fail(`it took longer than ${timeoutMs / 1_000} s`)
      void worker.terminate()
    }, timeoutMs)
    timer.unref()
    worker.once('message', (message: unknown) => resolve(readOutcome(message)))
    worker.once('error', (fault) => fail(messageOf(fault)))
    worker.once('exit', () => {
      clearTimeout(timer)
      fail('the training thread ended')
    })
  })
  return { outcome, stop: async () => void (await worker.terminate()) }
}

function readOutcome(message: unknown): TrainingOutcome {
  const parsed = outcomeSchema.safeParse(message)
  return parsed.success
    ? parsed.data
    : { kind: 'failed', why: `the training thread gave what is no model: ${parsed.error.issues[0]?.message ?? ''}` }
}
