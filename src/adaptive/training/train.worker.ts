import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { TrainingJob } from '../self-model/trainer.ts'
import type { BackendName } from './backend.ts'

// Trains one model and ends: between trainings TensorFlow takes no memory.
// On Linux the priority is that of this thread alone: where cores are scarce, requests come first. What loads and
// compiles is imported after that.
if (process.platform === 'linux') setPriority(0, 19)

const { job, order } = workerData as { job: TrainingJob; order?: readonly BackendName[] }
try {
  const { loadBackend } = await import('./backend.ts')
  const { trainModel } = await import('./train-model.ts')
  parentPort?.postMessage(trainModel(job, await loadBackend(order)))
} catch (thrown) {
  parentPort?.postMessage({ kind: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) })
}
