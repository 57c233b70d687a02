import { chunkCount } from '../antigen/chunks.ts'
import { valueTypes } from '../antigen/value-type.ts'

/**
 * The things that a field's self can show, as one range of numbers. What self has not shown is a detector of the field
 * (negative selection with the exact repertoire, Forrest et al. 1994):
 *
 *   [0 .. chunks)            r-chunks of three character classes
 *   [chunks .. +types)       value types
 *   [.. +lengths)            lengths by powers of two
 */
export const typeBase: number = chunkCount
const lengthBase: number = typeBase + valueTypes.length
const lengthBuckets = 16
export const featureCount: number = lengthBase + lengthBuckets

/** The length bucket of a value: 0 for empty, then one for each doubling, capped. */
export function lengthFeature(length: number): number {
  return lengthBase + Math.min(lengthBuckets - 1, 32 - Math.clz32(length))
}
