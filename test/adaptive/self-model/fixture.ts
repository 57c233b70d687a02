import type { AutoencoderModel } from '../../../src/adaptive/self-model/autoencoder.ts'
import {
  type FeatureName,
  featureAt,
  featureCount,
  featureVersion,
} from '../../../src/adaptive/self-model/feature-schema.ts'
import type { ModelRegistry, ModelVersion } from '../../../src/adaptive/self-model/model-registry.ts'
import type { Trial } from '../../../src/adaptive/self-model/trial.ts'
import { createRandom } from '../../../src/core/random.ts'

/** What one ordinary request of an invented shop looks like: searches, orders, uploads, with features that go together. */
function ordinary(random: () => number, row: Float32Array): void {
  const set = (name: FeatureName, value: number) => {
    row[featureAt[name]] = value
  }
  const kind = Math.floor(random() * 3)
  const length = Math.log1p(20 + random() * 60 + (kind === 2 ? 200 : 0))
  set('path-segments', kind === 0 ? 0.7 : 1.1)
  set('query-values', kind === 0 ? Math.log1p(1 + Math.floor(random() * 3)) : 0)
  set('tree-values', kind === 2 ? Math.log1p(6 + Math.floor(random() * 4)) : 0)
  set('header-values', Math.log1p(8 + Math.floor(random() * 4)))
  set('cookie-values', random() < 0.7 ? 0.7 : 0)
  set('total-length', length)
  set('longest-value', length * (0.6 + random() * 0.1))
  set('letter-share', 0.7 - (kind === 2 ? 0.1 : 0) + random() * 0.05)
  set('digit-share', 0.1 + random() * 0.05)
  set('blank-share', 0.08 + random() * 0.02)
  set('mark-share', 0.08 + random() * 0.02)
  set('special-share', kind === 2 ? 0.04 + random() * 0.01 : random() * 0.01)
  set('body-length', kind === 2 ? length + 0.3 : 0)
  set('body-json', kind === 2 ? 1 : 0)
  set('writes', kind === 2 ? 1 : 0)
  set('depth', kind === 2 ? 1 + Math.floor(random() * 2) : 0)
  if (random() < 0.05) set('rarity-max', random())
  if (random() < 0.03) set('masked-max', random() * 0.8)
  set('rarity-count', (row[featureAt['rarity-max']] as number) > 0 ? 1 : 0)
}

/** Rows of ordinary traffic, one after the other. */
export function ordinaryRows(count: number, seed = 1): Float32Array {
  const random = createRandom(seed)
  const rows = new Float32Array(count * featureCount)
  for (let at = 0; at < rows.length; at += featureCount) ordinary(random, rows.subarray(at, at + featureCount))
  return rows
}

export function rowOf(rows: Float32Array, index: number): Float32Array {
  return rows.subarray(index * featureCount, (index + 1) * featureCount)
}

/** A small network with weights by chance: sound, and of no use. */
export function anyModel(seed = 1): AutoencoderModel {
  const random = createRandom(seed)
  const dense = (inputs: number, outputs: number) => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => random() - 0.5),
    bias: Float32Array.from({ length: outputs }, () => random() - 0.5),
  })
  return {
    features: featureVersion,
    mean: new Float32Array(featureCount),
    sd: new Float32Array(featureCount).fill(1),
    layers: [dense(featureCount, 4), dense(4, featureCount)],
    noise: new Float32Array(featureCount).fill(1),
    tail: { residuals: Float32Array.of(0, 1, 2), surprises: Float32Array.of(0, 1, 2), scale: 0.5, shape: 0.2 },
  }
}

export const goodTrial: Trial = { p999: 6, p99: 4.5, p99Residual: 2, recall: 0.9 }

/** Offers any model with the trial that a test wants, against the one in force. */
export function offerModel(
  registry: ModelRegistry,
  offer: { readonly group: string; readonly trial?: Trial; readonly rivalTrial?: Trial; readonly seed?: number },
): ModelVersion {
  const rival = registry.current(offer.group)?.model ?? null
  const current = rival === null ? null : (offer.rivalTrial ?? goodTrial)
  return registry.offer({
    group: offer.group,
    model: anyModel(offer.seed),
    samples: 1_200,
    backend: 'cpu',
    loss: 0.02,
    trials: { candidate: offer.trial ?? goodTrial, current },
    rival,
  })
}
