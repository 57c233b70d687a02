/**
 * `node test/bench/training.ts`: how long one self model trains in its thread on each backend, and what the thread of
 * the requests feels of it. It must not judge: it prints figures.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createAutoencoder } from '../../src/adaptive/self-model/autoencoder.ts'
import { backendNames } from '../../src/adaptive/training/backend.ts'
import { createTrainer } from '../../src/adaptive/training/create-trainer.ts'
import { anyModel, ordinaryRows, rowOf } from '../adaptive/self-model/fixture.ts'

const network = createAutoencoder(anyModel())
const requests = ordinaryRows(100)

/** Work like that of requests: 2 ms of inference every 10 ms, while `during` runs. Delays in milliseconds. */
async function delaysWhile(during: () => Promise<unknown>): Promise<string> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  const work = setInterval(() => {
    const untilMs = performance.now() + 2
    for (let row = 0; performance.now() < untilMs; row += 1) network.judge(rowOf(requests, row % 100))
  }, 10)
  histogram.enable()
  await during()
  histogram.disable()
  clearInterval(work)
  const inMs = (ns: number) => (ns / 1e6).toFixed(2)
  return `p50 ${inMs(histogram.percentile(50))}, p99 ${inMs(histogram.percentile(99))}, max ${inMs(histogram.max)} ms`
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const job = { rows: ordinaryRows(1_700), recent: ordinaryRows(300, 9), current: null, seed: 1 }

await delaysWhile(() => sleep(500))
for (const name of backendNames) {
  const trainer = createTrainer({ order: [name] })
  const idle = await delaysWhile(() => sleep(2_000))
  let line = ''
  const busy = await delaysWhile(async () => {
    const startMs = performance.now()
    const outcome = await trainer.train(job)
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(2)
    line =
      outcome.kind === 'trained' ? `${seconds} s for ${outcome.trainedOn} rows, ${outcome.epochs} epochs` : outcome.why
  })
  console.log(`${name}: ${line}\n  event loop without training: ${idle}\n  event loop while training:   ${busy}`)
  await trainer.close()
}
