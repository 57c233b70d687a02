import { chunksOf } from '../antigen/chunks.ts'
import type { ScorerEvidence } from '../antigen/scorer-evidence.ts'
import { valueTypeOf } from '../antigen/value-type.ts'
import { hashText } from '../core/hash.ts'
import {
  characterFeature,
  detectorBase,
  lengthFeature,
  magnitudeFeature,
  maxCharacters,
  typeBase,
  valueFeature,
} from './features.ts'

/** Longest part of a value that is learned, in characters: as much as is looked at when it is scored in full. */
export const maxLearned = 16_384

/** Everything that a value shows, as features of its field. `evidence` tells which inherited detectors react to it. */
export function featuresOf(value: string, evidence: ScorerEvidence | null): ReadonlySet<number> {
  const text = value.length > maxLearned ? value.slice(0, maxLearned) : value
  const features = new Set<number>(chunksOf(text))
  features.add(typeBase + valueTypeOf(text))
  features.add(lengthFeature(value.length))
  features.add(valueFeature(hashText(value)))
  const magnitude = magnitudeFeature(value)
  if (magnitude !== -1) features.add(magnitude)
  const end = Math.min(text.length, maxCharacters)
  for (let index = 0; index < end; index += 1) {
    const feature = characterFeature(text.charCodeAt(index))
    if (feature !== -1) features.add(feature)
  }
  evidence?.detectors(text, (detector, weight) => {
    if (weight > 0) features.add(detectorBase + detector)
  })
  return features
}
