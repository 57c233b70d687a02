import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ThymusError } from '../core/errors.ts'
import { createFrozenScorer, type FrozenScorer } from './scorer.ts'
import { createScorerEvidence, type ScorerEvidence } from './scorer-evidence.ts'
import type { ScorerModel } from './scorer-model.ts'

const modelFile = z.strictObject({
  version: z.literal(1),
  bits: z.int().min(8).max(20),
  scale: z.number().positive(),
  drift: z.int().max(-1),
  tokens: z.array(z.strictObject({ text: z.string().min(1).max(64), weight: z.int().min(0).max(32_767) })).max(1_000),
  calibration: z.strictObject({ slope: z.number().positive(), offset: z.number(), prior: z.number().nonnegative() }),
})

/** Loads the shipped model. Throws THY_SNAPSHOT when it is missing, damaged or of another version. */
export function loadScorerModel(folder: URL = new URL('../../models/frozen-scorer/', import.meta.url)): ScorerModel {
  try {
    const { version: _, ...rest } = modelFile.parse(JSON.parse(readFileSync(new URL('model.json', folder), 'utf8')))
    const bytes = readFileSync(new URL('weights.bin', folder))
    if (bytes.length !== 2 ** rest.bits) throw new Error(`weights.bin has ${bytes.length} bytes, not ${2 ** rest.bits}`)
    return { ...rest, weights: new Int8Array(Uint8Array.from(bytes).buffer) }
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `the model ${folder.pathname} cannot be used: ${String(cause)}`, { cause })
  }
}

export type ShippedScorer = { readonly scorer: FrozenScorer; readonly evidence: ScorerEvidence }

let shipped: ShippedScorer | null = null

/** The shipped scorer, made once for all engines of a process. Throws THY_SNAPSHOT like `loadScorerModel`. */
export function shippedScorer(): ShippedScorer {
  if (shipped === null) {
    const model = loadScorerModel()
    shipped = { scorer: createFrozenScorer(model), evidence: createScorerEvidence(model) }
  }
  return shipped
}
