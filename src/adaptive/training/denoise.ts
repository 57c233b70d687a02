import type { Rank, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import { createRandom, type Random, shuffled } from '../../core/random.ts'
import type { Dense } from '../self-model/autoencoder.ts'
import type { Tensors } from './backend.ts'

/** How a network is trained. */
export type Recipe = {
  /** Units of the inner layers; the outer two are as wide as a row. */
  readonly hidden: readonly number[]
  /** Deviation of the Gaussian noise that the network learns to take away, in standard deviations. */
  readonly noise: number
  readonly learningRate: number
  readonly batch: number
  readonly maxEpochs: number
  /** Epochs without a better error on rows that were held out, after which it ends. */
  readonly patience: number
}

export const shippedRecipe: Recipe = {
  hidden: [16, 6, 16],
  noise: 0.1,
  learningRate: 2e-3,
  batch: 128,
  maxEpochs: 60,
  patience: 6,
}

export type Denoised = { readonly layers: readonly Dense[]; readonly loss: number; readonly epochs: number }

/** An improvement below this share is none. */
const minGain = 0.002

/**
 * Trains a denoising autoencoder on standardised rows. Everything that is left to chance comes from the seed, in one
 * order, so that the same rows give the same network again.
 */
export function trainDenoiser(
  tensors: Tensors,
  rows: { readonly fit: Float32Array; readonly held: Float32Array; readonly width: number },
  { seed, recipe = shippedRecipe }: { readonly seed: number; readonly recipe?: Recipe },
): Denoised {
  const random = createRandom(seed)
  const net = createNet(tensors, [rows.width, ...recipe.hidden, rows.width], random)
  const optimizer = tensors.train.adam(recipe.learningRate)
  const order = Array.from({ length: rows.fit.length / rows.width }, (_, row) => row)
  const held = matrix(tensors, rows.held, rows.width)
  let best = { layers: net.layers(), loss: net.error(held, held), epoch: 0 }
  let epoch = 0
  while (epoch < recipe.maxEpochs && epoch - best.epoch < recipe.patience) {
    epoch += 1
    const turn = shuffled(order, random)
    for (let start = 0; start < turn.length; start += recipe.batch) {
      const clean = gather(rows.fit, rows.width, turn.slice(start, start + recipe.batch))
      const noisy = clean.map((value) => value + recipe.noise * gaussian(random))
      tensors.tidy(() => {
        const target = matrix(tensors, clean, rows.width)
        const input = matrix(tensors, noisy, rows.width)
        optimizer.applyGradients(net.gradients(input, target))
      })
    }
    const loss = net.error(held, held)
    if (loss < best.loss * (1 - minGain)) best = { layers: net.layers(), loss, epoch }
  }
  held.dispose()
  optimizer.dispose()
  net.dispose()
  return { layers: best.layers, loss: best.loss, epochs: epoch }
}

type Layer = {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Variable<Rank.R2>
  readonly bias: Variable<Rank.R1>
}

/** The network as variables of TensorFlow. */
function createNet(tensors: Tensors, widths: readonly number[], random: Random) {
  const layers = widths.slice(1).map((outputs, index): Layer => {
    const inputs = widths[index] as number
    // Glorot and Bengio 2010, from our own generator: those of TensorFlow differ between backends.
    const limit = Math.sqrt(6 / (inputs + outputs))
    const first = Float32Array.from({ length: inputs * outputs }, () => (random() * 2 - 1) * limit)
    const weights = tensors.variable(tensors.tensor2d(first, [inputs, outputs]))
    return { inputs, outputs, weights, bias: tensors.variable(tensors.zeros<Rank.R1>([outputs])) }
  })
  return {
    gradients: (input: Tensor2D, target: Tensor2D) => gradientsOf(tensors, layers, { input, target }),
    error: (input: Tensor2D, target: Tensor2D): number =>
      tensors.tidy(() => {
        const output = activationsOf(tensors, layers, input).at(-1) as Tensor2D
        const loss: Scalar = tensors.mean(tensors.square(tensors.sub(output, target)))
        return loss.dataSync()[0] as number
      }),
    layers: (): readonly Dense[] =>
      layers.map(({ inputs, outputs, weights, bias }) => ({
        inputs,
        outputs,
        weights: Float32Array.from(weights.dataSync()),
        bias: Float32Array.from(bias.dataSync()),
      })),
    dispose: (): void => {
      for (const { weights, bias } of layers) {
        weights.dispose()
        bias.dispose()
      }
    },
  }
}

/** The input, and what each layer makes of it. */
function activationsOf(tensors: Tensors, layers: readonly Layer[], input: Tensor2D): Tensor2D[] {
  const activations = [input]
  for (const [index, { weights, bias }] of layers.entries()) {
    const sum = tensors.add<Tensor2D>(tensors.matMul(activations[index] as Tensor2D, weights), bias)
    activations.push(index === layers.length - 1 ? sum : tensors.tanh(sum))
  }
  return activations
}

/**
 * Gradients of the mean squared error by the name of the variable, written out (Rumelhart et al. 1986):
 * `@tensorflow/tfjs-core` as Node loads it brings no gradients of its own.
 */
function gradientsOf(
  tensors: Tensors,
  layers: readonly Layer[],
  { input, target }: { readonly input: Tensor2D; readonly target: Tensor2D },
): { name: string; tensor: Tensor }[] {
  const activations = activationsOf(tensors, layers, input)
  const gradients: { name: string; tensor: Tensor }[] = []
  let delta = tensors.mul<Tensor2D>(tensors.sub(activations.at(-1) as Tensor2D, target), 2 / target.size)
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const { weights, bias } = layers[index] as Layer
    const before = activations[index] as Tensor2D
    gradients.push({ name: weights.name, tensor: tensors.matMul(before, delta, true, false) })
    gradients.push({ name: bias.name, tensor: tensors.sum(delta, 0) })
    if (index > 0) {
      const back = tensors.matMul(delta, weights, false, true)
      delta = tensors.mul(back, tensors.sub(1, tensors.square(before)))
    }
  }
  return gradients
}

function matrix(tensors: Tensors, values: Float32Array, width: number): Tensor2D {
  return tensors.tensor2d(values, [values.length / width, width])
}

function gather(rows: Float32Array, width: number, order: readonly number[]): Float32Array {
  const picked = new Float32Array(order.length * width)
  for (const [position, row] of order.entries()) {
    picked.set(rows.subarray(row * width, (row + 1) * width), position * width)
  }
  return picked
}

/** Box and Muller 1958. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
