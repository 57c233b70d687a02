import type { ScorerModel } from '../../src/antigen/scorer-model.ts'
import type { Random } from '../../src/core/random.ts'

const calibration = { slope: 1.25, offset: -3, prior: 7 }

/** A model of random weights in few buckets, so that n-grams share them. */
export const smallModel = (random: Random): ScorerModel => ({
  bits: 8,
  weights: Int8Array.from({ length: 256 }, () => Math.floor(random() * 80) - 45),
  scale: 0.02,
  drift: -3,
  tokens: [
    { text: '../', weight: 90 },
    { text: "' or ", weight: 200 },
    { text: 'or 0=0', weight: 120 },
    { text: '0=0', weight: 30 },
    { text: '<script', weight: 150 },
  ],
  calibration,
})

/** A model that knows two tokens and no n-gram. */
export const readableModel: ScorerModel = {
  bits: 8,
  weights: new Int8Array(256),
  scale: 0.02,
  drift: -1,
  tokens: [
    { text: 'union select', weight: 400 },
    { text: '<script', weight: 300 },
  ],
  calibration,
}
