import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../../core/errors.ts'
import type { TrainingJob } from '../self-model/trainer.ts'
import { type BackendName, loadBackend } from './backend.ts'
import { trainModel } from './train-model.ts'

// Trains one model and ends: between trainings TensorFlow takes no memory.
// On Linux the priority is that of this thread alone: where cores are scarce, requests come first.
if (process.platform === 'linux') setPriority(0, 10)

const { job, order } = workerData as { job: TrainingJob; order?: readonly BackendName[] }
try {
  parentPort?.postMessage(trainModel(job, await loadBackend(order)))
} catch (thrown) {
  parentPort?.postMessage({ kind: 'failed', why: messageOf(thrown) })
}
