import { surpriseAt, type Tail } from './tail.ts'

/** One layer: `weights[input * outputs + output]`, as TensorFlow lays a matrix out. */
export type Dense = {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/**
 * A denoising autoencoder (Vincent et al. 2008) as typed arrays: all layers but the last end in tanh.
 *
 *   features -> (x - mean) / sd, clipped -> 16 -> 6 -> 16 -> what they should be
 */
export type AutoencoderModel = {
  /** Version of the feature schema it was trained on. */
  readonly features: number
  readonly mean: Float32Array
  readonly sd: Float32Array
  readonly layers: readonly Dense[]
  /** Usual error of each feature on benign traffic, in standard deviations: what an error is measured by. */
  readonly noise: Float32Array
  readonly tail: Tail
}

/** What the model says of one request. The object is reused: whoever keeps it copies it. */
export type Reconstruction = {
  /** Surprise in nats: the negative logarithm of the share of this service's traffic that is as odd. */
  readonly surprise: number
  /** Place of the feature that was rebuilt worst. */
  readonly feature: number
  /** What that feature was expected to be and what it was. */
  readonly expected: number
  readonly seen: number
}

/** Features further from the mean count as this far, in standard deviations: one broken feature must not drown the rest. */
export const maxDeviation = 12
/** Errors of one feature count at most this much, in usual errors: enough to lift the residual of a request alone. */
const maxError = 30

export type Autoencoder = {
  readonly model: AutoencoderModel
  readonly judge: (features: Float32Array) => Reconstruction
  /** Root mean square of the errors, in usual errors. */
  readonly residual: (features: Float32Array) => number
  /** Standardised features and what the network makes of them; both arrays are reused. */
  readonly rebuild: (features: Float32Array) => { readonly input: Float32Array; readonly output: Float32Array }
}

/** The forward pass by hand: a request costs a few microseconds and allocates nothing. */
export function createAutoencoder(model: AutoencoderModel): Autoencoder {
  const { mean, sd, noise, layers, tail } = model
  const width = mean.length
  const input = new Float32Array(width)
  const outputs = layers.map((layer) => new Float32Array(layer.outputs))
  const output = outputs.at(-1) as Float32Array
  const judged = { surprise: 0, feature: 0, expected: 0, seen: 0 }
  const rebuilt = { input, output }

  function rebuild(features: Float32Array): typeof rebuilt {
    standardise(features, model, input)
    let current: Float32Array = input
    for (let index = 0; index < layers.length; index += 1) {
      const next = outputs[index] as Float32Array
      applyLayer(layers[index] as Dense, current, next)
      if (index < layers.length - 1)
        for (let unit = 0; unit < next.length; unit += 1) next[unit] = Math.tanh(next[unit] as number)
      current = next
    }
    return rebuilt
  }

  function residual(features: Float32Array): number {
    rebuild(features)
    let sum = 0
    let worst = -1
    for (let place = 0; place < width; place += 1) {
      const error = Math.abs((input[place] as number) - (output[place] as number)) / (noise[place] as number)
      if (error > worst) {
        worst = error
        judged.feature = place
      }
      const counted = error > maxError ? maxError : error
      sum += counted * counted
    }
    return Math.sqrt(sum / width)
  }

  return {
    model,
    rebuild,
    residual,
    judge: (features) => {
      judged.surprise = surpriseAt(tail, residual(features))
      const { feature } = judged
      judged.seen = features[feature] as number
      judged.expected = (output[feature] as number) * (sd[feature] as number) + (mean[feature] as number)
      return judged
    },
  }
}

/** Features in standard deviations from their mean, clipped. */
export function standardise(
  features: Float32Array,
  { mean, sd }: Pick<AutoencoderModel, 'mean' | 'sd'>,
  into: Float32Array,
): void {
  for (let place = 0; place < mean.length; place += 1) {
    const deviation = ((features[place] as number) - (mean[place] as number)) / (sd[place] as number)
    into[place] = deviation > maxDeviation ? maxDeviation : deviation < -maxDeviation ? -maxDeviation : deviation
  }
}

function applyLayer({ weights, bias, inputs, outputs }: Dense, from: Float32Array, into: Float32Array): void {
  into.set(bias)
  for (let input = 0; input < inputs; input += 1) {
    const value = from[input] as number
    if (value === 0) continue
    const row = input * outputs
    for (let unit = 0; unit < outputs; unit += 1) {
      into[unit] = (into[unit] as number) + value * (weights[row + unit] as number)
    }
  }
}
