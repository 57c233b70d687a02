import { loadRarity, type Rarity } from './adaptive/rarity.ts'
import { loadScoreModel, type ScoreModel } from './adaptive/score-model.ts'
import { type ShippedScorer, shippedScorer } from './antigen/load-scorer.ts'

/** What `thymus evaluate --without` can leave out: whole layers, and the parts of the learned score. */
export const components = [
  'innate',
  'memory',
  'adaptive',
  'behaviour',
  'frozen-scorer',
  'masking',
  'chunks',
  'rarity-prior',
  'surprise',
  'shape',
  'calibration',
  'self-model',
  'clones',
] as const
export type Component = (typeof components)[number]

export type LearnedParts = {
  readonly rarity: Rarity
  readonly model: ScoreModel
  readonly inherited: ShippedScorer | null
  readonly comparesShape: boolean
}

/** The shipped models of the adaptive layer, or what is left of them. */
export function learnedParts(without: ReadonlySet<Component>): LearnedParts {
  const rarity = loadRarity()
  const model = loadScoreModel(!without.has('frozen-scorer'))
  const unmasked = without.has('masking') ? withoutMasking(shippedScorer()) : shippedScorer()
  return {
    rarity: without.has('rarity-prior') ? rarity.fill(averageOf(rarity)) : rarity,
    model: {
      weights: {
        ...model.weights,
        rarity: without.has('chunks') ? 0 : model.weights.rarity,
        type: without.has('surprise') ? 0 : model.weights.type,
        surprise: without.has('surprise') ? 0 : model.weights.surprise,
      },
      tail: model.tail,
      isFixed: without.has('calibration'),
    },
    inherited: without.has('frozen-scorer') ? null : unmasked,
    comparesShape: !without.has('shape'),
  }
}

function withoutMasking({ scorer, evidence }: ShippedScorer): ShippedScorer {
  return { evidence, scorer: { ...scorer, scoreMasked: (text) => scorer.score(text) - scorer.floor } }
}

function averageOf(numbers: Float32Array): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}
