import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { chunkCount } from '../antigen/chunks.ts'
import { ThymusError } from '../core/errors.ts'

/** How rare each chunk is in ordinary traffic anywhere: `ln((N + 1) / (df + 1))` over N values, one weight a chunk. */
export type Rarity = Float32Array

const rarityFile = z.strictObject({
  version: z.literal(1),
  values: z.int().positive(),
  /** Chunk number and how many values had it; chunks that are missing were never seen. */
  counts: z.array(
    z.tuple([
      z
        .int()
        .min(0)
        .max(chunkCount - 1),
      z.int().min(1),
    ]),
  ),
})

export function rarityOf(content: z.output<typeof rarityFile>): Rarity {
  const weights = new Float32Array(chunkCount).fill(Math.log(content.values + 1))
  for (const [chunk, count] of content.counts) weights[chunk] = Math.log((content.values + 1) / (count + 1))
  return weights
}

/** Loads the shipped prior. Throws THY_SNAPSHOT when it is missing or of another version. */
export function loadRarity(file: URL = new URL('../../models/chunk-rarity/model.json', import.meta.url)): Rarity {
  try {
    return rarityOf(rarityFile.parse(JSON.parse(readFileSync(file, 'utf8'))))
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `the model ${file.pathname} cannot be used: ${String(cause)}`, { cause })
  }
}
