import { createAutoencoder } from '../../../src/adaptive/self-model/autoencoder.ts'
import { featureCount } from '../../../src/adaptive/self-model/feature-schema.ts'
import { loadBackend } from '../../../src/adaptive/training/backend.ts'
import { trainModel } from '../../../src/adaptive/training/train-model.ts'
import { ordinaryRows, rowOf } from '../../adaptive/self-model/fixture.ts'
import type { Benchmark } from '../benchmark.ts'

const backend = await loadBackend(['cpu'])
const recent = ordinaryRows(256, 9)
const outcome = trainModel({ rows: ordinaryRows(600), recent, current: null, seed: 1 }, backend)
if (outcome.kind !== 'trained' || backend.kind !== 'loaded')
  throw new Error('the cpu backend of TensorFlow.js is missing')
const { model } = outcome
const { tensors } = backend
const network = createAutoencoder(model)
const layers = model.layers.map(({ weights, bias, inputs, outputs }) => ({
  weights: tensors.tensor2d(weights, [inputs, outputs]),
  bias: tensors.tensor1d(bias),
}))
/** Keeps results alive, so that no side is optimised away. */
const kept = new Float64Array(1)

/** The forward pass by hand, with tail and worst feature, against the same layers in TensorFlow.js. */
export const benchmark: Benchmark = {
  name: 'adaptive/self-model: one request judged',
  opsPerRun: 256,
  baseline: {
    name: 'TensorFlow.js (cpu)',
    run: () => {
      for (let row = 0; row < 256; row += 1) {
        tensors.tidy(() => {
          let current = tensors.tensor2d(rowOf(recent, row), [1, featureCount])
          for (const { weights, bias } of layers)
            current = tensors.tanh(tensors.add(tensors.matMul(current, weights), bias))
          kept[0] = current.dataSync()[0] as number
        })
      }
    },
  },
  candidate: {
    name: 'by hand',
    run: () => {
      for (let row = 0; row < 256; row += 1) kept[0] = network.judge(rowOf(recent, row)).surprise
    },
  },
}
