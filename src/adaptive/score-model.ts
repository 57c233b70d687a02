import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ThymusError } from '../core/errors.ts'
import type { Surprise } from './surprise.ts'

const weightsSchema = z.strictObject({
  bias: z.number(),
  /** On `ln(1 + rarity)`. */
  rarity: z.number().nonnegative(),
  type: z.number().nonnegative(),
  length: z.number().nonnegative(),
  closedness: z.number().nonnegative(),
})

const fileSchema = z.strictObject({ version: z.literal(1), weights: weightsSchema })

/** Weights of the log-odds that a value is foreign; fitted by `scripts/fit-score.ts`. */
export type ScoreWeights = z.output<typeof weightsSchema>

/** Loads the shipped weights. Throws THY_SNAPSHOT when they are missing or of another version. */
export function loadScoreWeights(
  file: URL = new URL('../../models/self-score/model.json', import.meta.url),
): ScoreWeights {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).weights
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `the model ${file.pathname} cannot be used: ${String(cause)}`, { cause })
  }
}

/** Log-odds that a value is foreign. A closed field makes the same novelty weigh more than an open one. */
export function logOddsOf(surprise: Surprise, weights: ScoreWeights): number {
  if (surprise.rarity === 0) return weights.bias
  return (
    weights.bias +
    weights.rarity * Math.log(1 + surprise.rarity) +
    weights.type * surprise.type +
    weights.length * surprise.length +
    weights.closedness * surprise.closedness
  )
}

export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
