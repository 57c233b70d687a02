import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { type Random, shuffled } from '../../src/core/random.ts'
import { type Features, worstStretch } from './features.ts'

export type Sample = { readonly features: Features; readonly isAttack: boolean; readonly weight: number }

export type FitOptions = {
  readonly samples: readonly Sample[]
  /** How many detectors there are, and from which number on they are tokens. */
  readonly size: number
  readonly firstToken: number
  readonly drift: number
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  readonly l2: number
  readonly random: Random
  readonly log: (line: string) => void
}

/** Squared gradient that Adagrad starts from: small against a detector's own, so that rare detectors move as well. */
const firstAccumulated = 1e-6

export type Fitted = { readonly weights: Float32Array; readonly bias: number }

/**
 * Fits the weights by logistic regression over the worst stretch of each value. Which stretch that is depends on the
 * weights, so that choosing it and fitting alternate within each batch (multiple-instance learning; for harmless values
 * the loss is convex). Weights of tokens cannot turn negative.
 */
export async function fitWeights(options: FitOptions): Promise<Fitted> {
  const { samples, size, epochs, batch, random, log } = options
  await tf.setBackend('cpu')
  const weights = tf.variable(tf.tensor1d(startingWeights(options)))
  const bias = tf.variable(tf.scalar(-2))
  let order = samples.map((_, index) => index)
  const optimizer = tf.train.adagrad(options.learningRate, firstAccumulated)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    order = shuffled(order, random)
    let loss = 0
    for (let at = 0; at < order.length; at += batch) {
      const chosen = order.slice(at, at + batch).map((index) => samples[index] as Sample)
      loss += step({ chosen, weights, bias, optimizer, options })
    }
    log(`epoch ${epoch + 1} of ${epochs}: loss ${(loss / Math.ceil(order.length / batch)).toFixed(4)}`)
  }
  optimizer.dispose()
  const result = { weights: Float32Array.from(weights.dataSync()), bias: bias.dataSync()[0] ?? 0 }
  if (result.weights.length !== size) throw new RangeError('the fit lost weights')
  weights.dispose()
  bias.dispose()
  return result
}

type Step = {
  readonly chosen: readonly Sample[]
  readonly weights: tf.Variable<tf.Rank.R1>
  readonly bias: tf.Variable
  readonly optimizer: tf.Optimizer
  readonly options: FitOptions
}

/**
 * One step along the gradient, which for logistic regression is short enough to write out: the error of each sample goes
 * to every detector of its stretch.
 */
function step({ chosen, weights, bias, optimizer, options }: Step): number {
  const bags = gatherBags(chosen, weights.dataSync() as Float32Array, options.drift)
  return tf.tidy(() => {
    const labels = tf.tensor1d(chosen.map(({ isAttack }) => (isAttack ? 1 : 0)))
    const importance = tf.tensor1d(chosen.map(({ weight }) => weight / chosen.length))
    const sums = tf.add(tf.add(bagSums(weights, bags), tf.tensor1d(bags.drifts)), bias)
    const errors = tf.mul<tf.Tensor1D>(tf.sub(tf.sigmoid(sums), labels), importance)
    const shrink = tf.mul(weights, 2 * options.l2)
    optimizer.applyGradients({
      [weights.name]: tf.add(bagErrors(errors, bags, options.size), shrink),
      [bias.name]: tf.sum(errors),
    })
    weights.assign(withTokensAboveZero(weights, options.firstToken))
    const losses = tf.softplus(tf.mul(sums, tf.sub(1, tf.mul(labels, 2))))
    return tf.sum(tf.mul(losses, importance)).dataSync()[0] ?? 0
  })
}

type Bags = {
  /** Detectors of all stretches one after the other, and the sample of each. */
  readonly detectors: Int32Array
  readonly rows: Int32Array
  readonly drifts: Float32Array
  readonly count: number
}

/** The detectors of the worst stretch of each sample; of an attack without one, those of the whole value. */
function gatherBags(chosen: readonly Sample[], weights: Float32Array, drift: number): Bags {
  const spans = chosen.map(({ features, isAttack }) => {
    const { from, to } = worstStretch(features, weights, drift)
    return to === 0 && isAttack ? { from: 0, to: features.ends.length } : { from, to }
  })
  const first = (index: number, symbol: number): number =>
    symbol === 0 ? 0 : (chosen[index]?.features.ends[symbol - 1] ?? 0)
  const total = spans.reduce((sum, { from, to }, index) => sum + first(index, to) - first(index, from), 0)
  const detectors = new Int32Array(total)
  const rows = new Int32Array(total)
  let at = 0
  for (const [index, { from, to }] of spans.entries()) {
    const { detectors: all, isRepeated } = (chosen[index] as Sample).features
    for (let place = first(index, from); place < first(index, to); place += 1) {
      const detector = all[place] as number
      if (isRepeated[place] === 1 && (weights[detector] as number) > 0) continue
      detectors[at] = detector
      rows[at] = index
      at += 1
    }
  }
  return {
    detectors: detectors.subarray(0, at),
    rows: rows.subarray(0, at),
    drifts: Float32Array.from(spans, ({ from, to }) => (to - from) * drift),
    count: chosen.length,
  }
}

/** Sum of the weights of each bag. */
function bagSums(weights: tf.Tensor1D, { detectors, rows, count }: Bags): tf.Tensor1D {
  if (detectors.length === 0) return tf.zeros([count])
  const given = tf.gather(weights, tf.tensor1d(detectors, 'int32'))
  return tf.scatterND(tf.expandDims(tf.tensor1d(rows, 'int32'), 1), given, [count])
}

/** Sum of the errors of the samples in whose bags each detector is. */
function bagErrors(errors: tf.Tensor1D, { detectors, rows }: Bags, size: number): tf.Tensor1D {
  if (detectors.length === 0) return tf.zeros([size])
  const given = tf.gather(errors, tf.tensor1d(rows, 'int32'))
  return tf.scatterND(tf.expandDims(tf.tensor1d(detectors, 'int32'), 1), given, [size])
}

function withTokensAboveZero(weights: tf.Variable<tf.Rank.R1>, firstToken: number): tf.Tensor1D {
  return tf.concat([tf.slice(weights, 0, firstToken), tf.relu(tf.slice(weights, firstToken))])
}

/** Naive Bayes, much weakened: in how many attacks and in how many harmless values each detector occurs. */
function startingWeights({ samples, size }: FitOptions): Float32Array {
  const attack = new Float64Array(size).fill(0.5)
  const benign = new Float64Array(size).fill(0.5)
  for (const { features, isAttack, weight } of samples) {
    const counts = isAttack ? attack : benign
    for (const detector of new Set(features.detectors)) counts[detector] = (counts[detector] ?? 0) + weight
  }
  const ofKind = (isAttack: boolean): number =>
    samples.reduce((sum, sample) => sum + (sample.isAttack === isAttack ? sample.weight : 0), 1)
  const [attacks, benigns] = [ofKind(true), ofKind(false)]
  return Float32Array.from(attack, (count, index) => 0.1 * Math.log(count / attacks / ((benign[index] ?? 0) / benigns)))
}
