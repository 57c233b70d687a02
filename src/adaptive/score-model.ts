import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ThymusError } from '../core/errors.ts'
import type { Evidence } from './evidence.ts'

const weightsSchema = z.strictObject({
  bias: z.number(),
  /** On the log-odds of the frozen scorer, masked by self. */
  masked: z.number().nonnegative(),
  /** On `ln(1 + rarity)` of the unseen chunks. */
  rarity: z.number().nonnegative(),
  /** On the surprise of a new type, in nats. */
  type: z.number().nonnegative(),
  /** On the surprise, in nats, beyond what so many fields show by chance. */
  surprise: z.number().nonnegative(),
})

/**
 * Of the log-odds of ordinary requests of any service: how many exceed `threshold`, and by how much, as beliefs that a
 * service's own traffic then moves (see `calibration.ts`).
 */
const tailSchema = z.strictObject({
  threshold: z.number(),
  /** Beta belief about the share of requests above the threshold. */
  above: z.number().positive(),
  below: z.number().positive(),
  /** Gamma belief about the rate at which the excess falls off. */
  shape: z.number().positive(),
  scale: z.number().positive(),
})

const modelSchema = z.strictObject({ weights: weightsSchema, tail: tailSchema })
const fileSchema = modelSchema.extend({
  version: z.literal(2),
  /** The same where the frozen scorer is left out. */
  withoutScorer: modelSchema,
})

/** Weights of the log-odds that a value is foreign, and what they are like for ordinary requests. */
export type ScoreModel = z.output<typeof modelSchema> & {
  /** No traffic of any service moves the belief: what an ablation compares with. */
  readonly isFixed?: boolean
}
export type ScoreWeights = z.output<typeof weightsSchema>
export type TailPrior = z.output<typeof tailSchema>

const shippedFile = new URL('../../models/self-score/model.json', import.meta.url)

/** Loads the shipped model, fitted by `scripts/fit-score.ts`. Throws THY_SNAPSHOT when missing or of another version. */
export function loadScoreModel(hearsInherited = true, file: URL = shippedFile): ScoreModel {
  try {
    const { weights, tail, withoutScorer } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return hearsInherited ? { weights, tail } : withoutScorer
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `the model ${file.pathname} cannot be used: ${String(cause)}`, { cause })
  }
}

/** The figures that the score is made of. */
export type Weighed = Pick<Evidence, 'masked' | 'rarity' | 'type' | 'surprise'>

/**
 * Log-odds that a value is foreign. Of many fields one is surprising by chance: `chance` is the logarithm of how many
 * the request has (Bonferroni).
 */
export function logOddsOf(evidence: Weighed, weights: ScoreWeights, chance: number): number {
  return (
    weights.bias +
    weights.masked * evidence.masked +
    weights.rarity * Math.log(1 + evidence.rarity) +
    weights.type * evidence.type +
    weights.surprise * Math.max(0, evidence.surprise - chance)
  )
}
