import type { FieldId, Finding } from '../core/finding.ts'
import type { SelfGrams } from '../memory/memory.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { DetectorKind } from './acting-detectors.ts'
import type { Retirement } from './detector-life.ts'

/** `embryo` and `learning` only watch; `mature` acts; `relearning` watches again after drift or a deploy. */
export type ProfileState = 'embryo' | 'learning' | 'mature' | 'relearning'

/** What is known of one field, for people. */
export type ProfileSummary = {
  readonly field: FieldId
  readonly state: ProfileState
  readonly samples: number
  readonly sources: number
  readonly slices: number
  /** What keeps it from acting, with figures: `120 of 300 values`. Empty when mature. */
  readonly missing: readonly string[]
  /** Value types that self showed, most frequent first. */
  readonly types: readonly string[]
  /** Chunks that belong to self; every other chunk is a detector of this field. */
  readonly selfChunks: number
  readonly detectors: number
}

/** Where learning stands as a whole. */
export type LearningProgress = {
  readonly state: ProfileState
  readonly routes: number
  readonly fields: Readonly<Record<ProfileState, number>>
  /** Requests learned. */
  readonly samples: number
  readonly missing: readonly string[]
  readonly dropped: number
}

/** One detector with its lineage: what it matches, what it was screened against, what it did. */
export type DetectorSummary = {
  readonly id: string
  /** `inherited` from the frozen scorer, or the aspect of values in which it knows what self never showed. */
  readonly kind: DetectorKind
  readonly field: FieldId
  /** What it matches, in plain words: `letter-quote-blank`, `word "union select"`, `the character <`. */
  readonly pattern: string
  readonly state: 'candidate' | 'mature' | 'activated' | 'memory' | 'retired'
  readonly retiredBecause: Retirement | null
  /** Values of self that it was compared with last, and when. */
  readonly screenedAgainst: number
  readonly screenedAtMs: number
  /** How many of them it matched: 0 for every detector that acts. */
  readonly selfMatches: number
  readonly matches: number
  readonly parent: string | null
}

/** A person's word that something is self: only in its scope, and with an end. */
export type Tolerance = {
  readonly id: string
  readonly scope: ToleranceScope
  readonly by: string
  readonly reason: string
  readonly untilMs: number
  /** Findings it kept from acting so far, at this node. */
  readonly hits: number
  /** Stands in the configuration, so that only a change of it ends it early. */
  readonly isConfigured: boolean
}

/** Where a finding about no field was made. */
export type FindingPlace = Pick<FieldId, 'service' | 'method' | 'route'>

/** Where a tolerance counts. */
export type ToleranceScope = {
  /** `*` for any. */
  readonly service: string
  /** `*` for any. */
  readonly method: string
  /** Route template; `*` stands for one segment or a part of it, `**` for any number. */
  readonly route: string
  /** `query:page`, `json:/items/*`; null for all fields of the route and, where a finding is named, for those about none. */
  readonly field: string | null
  /** Layer and source (`innate:sqli-110`) or a tag of rules (`tag:sql`); null for everything said of the field. */
  readonly finding: string | null
}

/** The learning layer: self, and what is foreign to it. */
export type Adaptive = {
  /** Appends what is foreign to self. Synchronous. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Offers an admitted request for learning; learned later, in batches. */
  readonly offer: (request: CanonicalRequest) => void
  /** Learns now what was offered: tests, replay and shutdown call it; otherwise a timer does. */
  readonly learn: () => void
  readonly progress: () => LearningProgress
  readonly profiles: (limit: number) => readonly ProfileSummary[]
  readonly detectors: (limit: number) => readonly DetectorSummary[]
  /** A person calls a detector wrong: it stays silent in its field. `undefined` for an id that is not known. */
  readonly retireDetector: (id: string) => DetectorSummary | undefined
  readonly selfGrams: SelfGrams
  /** Learned state as bytes, and back. Throws THY_SNAPSHOT when the bytes are damaged or of another version. */
  readonly save: () => Uint8Array
  readonly restore: (content: Uint8Array) => void
}

/** Scoped, expiring exceptions; kept in the record log, so that every node honours them. */
export type Tolerances = {
  /** Whether a finding is covered now; counts the hit. The place is that of the request, for findings about no field. */
  readonly covers: (finding: Finding, place: FindingPlace | null) => boolean
  readonly tolerate: (scope: ToleranceScope, options: { by: string; reason: string; untilMs: number }) => Tolerance
  readonly withdraw: (toleranceId: string) => boolean
  readonly list: () => readonly Tolerance[]
  /** Stops following the record log: for tolerances that others replace. */
  readonly close: () => void
}
