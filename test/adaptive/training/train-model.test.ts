import { describe, expect, it } from '@jest/globals'
import { createAutoencoder } from '../../../src/adaptive/self-model/autoencoder.ts'
import { featureAt, featureCount, featureNames } from '../../../src/adaptive/self-model/feature-schema.ts'
import type { TrainingOutcome } from '../../../src/adaptive/self-model/trainer.ts'
import { recognisedFrom } from '../../../src/adaptive/self-model/trial.ts'
import { infect, vaccines } from '../../../src/adaptive/self-model/vaccination.ts'
import { type Backend, type BackendName, backendNames, loadBackend } from '../../../src/adaptive/training/backend.ts'
import { trainModel } from '../../../src/adaptive/training/train-model.ts'
import { ordinaryRows, rowOf } from '../self-model/fixture.ts'

const job = { rows: ordinaryRows(600), recent: ordinaryRows(200, 9), current: null, seed: 5 }

type Trained = Extract<TrainingOutcome, { kind: 'trained' }>
type Loaded = Extract<Backend, { kind: 'loaded' }>

const backends: Loaded[] = []
for (const name of backendNames) {
  const backend = await loadBackend([name])
  if (backend.kind === 'loaded') backends.push(backend)
}
const trained = new Map<BackendName, Trained>()

async function train(backend: Loaded): Promise<Trained> {
  await backend.tensors.setBackend(backend.name)
  const outcome = trainModel(job, backend)
  if (outcome.kind !== 'trained') throw new Error(outcome.why)
  return outcome
}

for (const backend of backends) trained.set(backend.name, await train(backend))
const [first] = [...trained.values()]
const [backend] = backends
if (first === undefined || backend === undefined) throw new Error('no backend of TensorFlow.js loads; run npm ci')

describe('a trained model', () => {
  it('rebuilds a row as TensorFlow does, within 1e-5', async () => {
    const { tensors } = backend
    await tensors.setBackend(backend.name)
    const network = createAutoencoder(first.model)
    let ran = 0
    for (let row = 0; row < 50; row += 1) {
      const { input, output } = network.rebuild(rowOf(job.recent, row))
      const predicted = tensors.tidy(() =>
        first.model.layers
          .reduce(
            (current, { weights, bias, inputs, outputs }, index) => {
              const sum = tensors.add(tensors.matMul(current, tensors.tensor2d(weights, [inputs, outputs])), bias)
              return (index === first.model.layers.length - 1 ? sum : tensors.tanh(sum)) as typeof current
            },
            tensors.tensor2d(input, [1, featureCount]),
          )
          .dataSync(),
      )
      for (let place = 0; place < featureCount; place += 1) {
        expect(Math.abs((output[place] as number) - (predicted[place] as number))).toBeLessThan(1e-5)
      }
      ran += 1
    }
    expect(ran).toBe(50)
  })

  it('is the same again for the same rows and seed, and another one for another seed', async () => {
    const again = await train(backend)
    const one = trained.get(backend.name)?.model
    expect(again.model).toEqual(one)
    const other = trainModel({ ...job, seed: 6 }, backend)
    expect(other.kind === 'trained' && other.model.layers).not.toEqual(one?.layers)
  }, 60_000)

  it('is the same on every backend that loads here, within tolerance', () => {
    expect(backends.length).toBeGreaterThanOrEqual(2)
    const networks = [...trained.values()].map(({ model }) => createAutoencoder(model))
    for (let row = 0; row < 200; row += 1) {
      const surprises = networks.map((network) => network.judge(rowOf(job.recent, row)).surprise)
      expect(Math.max(...surprises) - Math.min(...surprises)).toBeLessThan(0.05)
    }
  })

  it('is rarely surprised by ordinary traffic that it was not trained on', () => {
    const network = createAutoencoder(first.model)
    const others = ordinaryRows(3_000, 77)
    const alarms = Array.from({ length: 3_000 }, (_, row) => network.judge(rowOf(others, row)).surprise)
    expect(alarms.filter((surprise) => surprise >= recognisedFrom).length).toBeLessThan(30)
    expect(alarms.filter((surprise) => surprise >= Math.log(10)).length).toBeLessThan(600)
  })

  it('recognises most of the fixed attack set, and names what could not be rebuilt', () => {
    expect(first.trials.candidate.recall).toBeGreaterThan(0.7)
    const network = createAutoencoder(first.model)
    const attack = new Float32Array(featureCount)
    const closed = vaccines.find(({ name }) => name === 'something new in a closed field')
    if (closed === undefined) throw new Error('the vaccine is gone')
    infect(rowOf(job.recent, 0), closed, attack)
    const { surprise, feature, seen, expected } = network.judge(attack)
    expect(surprise).toBeGreaterThan(recognisedFrom)
    expect(featureNames[feature]).toMatch(/^(?:closed|rarity|foreign)/)
    expect(seen).toBeGreaterThan(expected)
  })

  it('sees what no single feature shows: values that are usual, and never together', () => {
    const network = createAutoencoder(first.model)
    const row = rowOf(job.recent, 0).slice()
    row[featureAt['writes']] = 1 - (row[featureAt['writes']] as number)
    row[featureAt['body-json']] = row[featureAt['writes']] === 1 ? 0 : 1
    expect(network.judge(rowOf(job.recent, 0)).surprise).toBeLessThan(Math.log(5))
    expect(network.judge(row).surprise).toBeGreaterThan(Math.log(20))
  })

  it('is not thrown off by what came in one burst', () => {
    const rows = job.rows.slice()
    for (let row = 300; row < 330; row += 1) {
      for (const vaccine of vaccines.slice(0, 1)) infect(rowOf(rows, row), vaccine, rowOf(rows, row))
    }
    const outcome = trainModel({ ...job, rows }, backend)
    if (outcome.kind !== 'trained') throw new Error(outcome.why)
    expect(outcome.votedOut).toBeGreaterThanOrEqual(25)
    expect(outcome.trials.candidate.recall).toBeGreaterThan(first.trials.candidate.recall - 0.1)
  }, 60_000)

  it('needs enough rows', () => {
    expect(trainModel({ ...job, rows: ordinaryRows(100) }, backend)).toMatchObject({ kind: 'failed' })
  })
})
