import type { SavedCandidate } from './candidates.ts'

/** Form of a field profile in a snapshot. */
export type SavedProfile = {
  readonly self: string
  readonly repeated: string
  readonly silenced: number[]
  readonly values: number[]
  readonly repeatedValues: number[]
  readonly isOpen: boolean
  readonly lengthRecords: number
  readonly magnitudeRecords: number
  readonly samples: number
  readonly suspicious: number
  readonly hasTrusted: boolean
  readonly isMature: boolean
  readonly quietSamples: number
  readonly alarmSources: number[]
  readonly sources: [source: number, count: number][]
  readonly slices: number[]
  readonly candidates: SavedCandidate[]
}
