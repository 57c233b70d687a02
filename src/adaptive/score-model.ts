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

const fileSchema = z.strictObject({ version: z.literal(2), weights: weightsSchema, tail: tailSchema })

/** Weights of the log-odds that a value is foreign, and what they are like for ordinary requests. */
export type ScoreModel = { readonly weights: ScoreWeights; readonly tail: TailPrior }
export type ScoreWeights = z.output<typeof weightsSchema>
export type TailPrior = z.output<typeof tailSchema>

/** Loads the shipped model, fitted by `scripts/fit-score.ts`. Throws THY_SNAPSHOT when missing or of another version. */
export function loadScoreModel(file: URL = new URL('../../models/self-score/model.json', import.meta.url)): ScoreModel {
  try {
    const { weights, tail } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { weights, tail }
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `the model ${file.pathname} cannot be used: ${String(cause)}`, { cause })
  }
}

/** The figures that the score is made of. */
export type Weighed = Pick<Evidence, 'masked' | 'rarity' | 'surprise'>

/**
 * Log-odds that a value is foreign. Of many fields one is surprising by chance: `chance` is the logarithm of how many
 * the request has (Bonferroni).
 */
export function logOddsOf(evidence: Weighed, weights: ScoreWeights, chance: number): number {
  return (
    weights.bias +
    weights.masked * evidence.masked +
    weights.rarity * Math.log(1 + evidence.rarity) +
    weights.surprise * Math.max(0, evidence.surprise - chance)
  )
}
