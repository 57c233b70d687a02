import { describeChunk } from '../antigen/chunks.ts'
import type { Contribution } from '../antigen/scorer-evidence.ts'
import { valueTypeOf, valueTypes } from '../antigen/value-type.ts'
import { type Evidence, newCharacterOf } from './evidence.ts'
import {
  aspectOf,
  aspects,
  characterAspect,
  characterBase,
  detectorBase,
  lengthAspect,
  lengthFeature,
  magnitudeAspect,
  magnitudeFeature,
  shortestOf,
  typeBase,
  valueAspect,
  valueBase,
} from './features.ts'
import type { FieldProfile } from './field-profile.ts'
import type { ScoreWeights } from './score-model.ts'

/** Where a detector comes from: a feature that self never showed, or an inherited detector that self has not silenced. */
export const detectorKinds = [...aspects, 'inherited'] as const
export type DetectorKind = (typeof detectorKinds)[number]

/** A detector that speaks against a value, by the feature that it stands for. */
export type ActingDetector = { readonly feature: number; readonly pattern: string }

/** All values outside of a closed field's enumeration are one detector, or any client could name new ones. */
export const enumerationFeature: number = valueBase

/** Surprise of less is not worth a word, in nats. */
export const minNamedSurprise = 1

export function kindOf(feature: number): DetectorKind {
  const aspect = aspectOf(feature)
  return aspect === -1 ? 'inherited' : (aspects[aspect] ?? 'chunk')
}

export type Speaking = {
  readonly profile: FieldProfile
  readonly weights: ScoreWeights
  /** Logarithm of how many fields the request has. */
  readonly chance: number
  /** Unseen chunks, rarest first. */
  readonly chunks: readonly number[]
  /** The inherited detectors that are not silenced, strongest first. */
  readonly inherited: readonly Contribution[]
}

/** The detectors that made a value foreign; those of the kind that weighs most first. */
export function actingDetectors(value: string, evidence: Evidence, speaking: Speaking): readonly ActingDetector[] {
  const { weights, chance, chunks, inherited, profile } = speaking
  const surprise = evidence.surprise < minNamedSurprise ? null : surprisedDetector(value, evidence.aspect, profile)
  const groups = [
    { weight: weights.masked * evidence.masked, members: inherited.map(inheritedDetector) },
    {
      weight: weights.rarity * Math.log(1 + evidence.rarity),
      members: chunks.map((chunk) => ({ feature: chunk, pattern: describeChunk(chunk) })),
    },
    { weight: weights.type * evidence.type, members: typeDetectors(value, profile) },
    { weight: weights.surprise * (evidence.surprise - chance), members: surprise === null ? [] : [surprise] },
  ]
  return groups
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ members }) => members)
}

const inheritedDetector = ({ detector, text, isToken }: Contribution): ActingDetector => ({
  feature: detectorBase + detector,
  pattern: `${isToken ? 'word' : 'letters'} "${text}"`,
})

function typeDetectors(value: string, profile: FieldProfile): readonly ActingDetector[] {
  const type = valueTypeOf(value)
  if (profile.has(typeBase + type)) return []
  return [{ feature: typeBase + type, pattern: `values of the type ${valueTypes[type] ?? 'other'}` }]
}

/** The detector behind the most surprising aspect; `null` for chunks and types, which are named by themselves. */
function surprisedDetector(value: string, aspect: number, profile: FieldProfile): ActingDetector | null {
  switch (aspect) {
    case lengthAspect: {
      const feature = lengthFeature(value.length)
      return { feature, pattern: `lengths from ${shortestOf(feature)} characters` }
    }
    case characterAspect:
      return characterDetector(value, profile)
    case magnitudeAspect:
      return { feature: magnitudeFeature(value), pattern: `numbers of ${sizeOf(value)}` }
    case valueAspect:
      return { feature: enumerationFeature, pattern: 'values outside of its enumeration' }
    default:
      return null
  }
}

function characterDetector(value: string, profile: FieldProfile): ActingDetector | null {
  const feature = newCharacterOf(value, profile)
  if (feature === -1) return null
  return { feature, pattern: `the character ${nameOfCharacter(feature - characterBase)}` }
}

function nameOfCharacter(code: number): string {
  if (code >= 128) return 'beyond ASCII'
  return code > 32 && code < 127 ? String.fromCharCode(code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function sizeOf(value: string): string {
  const digits = Math.trunc(Math.abs(Number(value))).toString().length
  return `${digits === 1 ? 'one digit' : `${digits} digits`}${value.startsWith('-') ? ' below zero' : ''}`
}

/** Whether self covers a feature now: it has it, or it lies in the range that self has shown. */
export function isSelfFeature(profile: FieldProfile, feature: number): boolean {
  if (feature === enumerationFeature) return profile.isOpen
  switch (aspectOf(feature)) {
    case lengthAspect:
      return profile.lengthSurprise(feature) === 0
    case magnitudeAspect:
      return profile.magnitudeSurprise(feature) === 0
    default:
      return profile.has(feature)
  }
}
