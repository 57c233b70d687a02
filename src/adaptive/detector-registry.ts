import { z } from 'zod'
import { BoundedMap } from '../core/bounded-map.ts'
import { type FieldId, fieldLocations } from '../core/finding.ts'
import { kindOf } from './acting-detectors.ts'
import type { DetectorSummary } from './adaptive.ts'
import { type DetectorEvent, type DetectorState, nextDetectorState } from './detector-life.ts'

const record = { screenedAgainst: z.int().nonnegative(), matches: z.int().nonnegative() }
const layerState = { sinceMs: z.int(), ...record }
const stateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('candidate') }),
  z.strictObject({ kind: z.literal('mature'), ...layerState }),
  z.strictObject({ kind: z.literal('activated'), ...layerState, corroboratedBy: z.string() }),
  z.strictObject({ kind: z.literal('memory'), ...layerState }),
  z.strictObject({
    kind: z.literal('retired'),
    ...layerState,
    why: z.enum(['matched-self', 'expired', 'false-positive', 'suppressed']),
  }),
])

/** Form of a detector in a snapshot. */
export const detectorSchema = z.strictObject({
  slot: z.int().nonnegative(),
  /** What it stands for, as `features.ts` numbers it. */
  feature: z.int().nonnegative(),
  pattern: z.string().max(200),
  field: z.strictObject({
    service: z.string(),
    method: z.string(),
    route: z.string(),
    location: z.enum(fieldLocations),
    name: z.string(),
  }),
  parent: z.string().nullable(),
  screenedAtMs: z.int(),
  state: stateSchema,
})

/** A detector that has matched at least once. All others exist only as what their field's self lacks. */
export type SavedDetector = z.output<typeof detectorSchema>
type Detector = Omit<SavedDetector, 'state'> & { state: DetectorState }

export type DetectorMatch = {
  readonly slot: number
  readonly feature: number
  readonly pattern: string
  readonly field: FieldId
  /** Values of self that the field has learned. */
  readonly samples: number
  readonly atMs: number
}

/** What detectors are screened against. Fields by their slot. */
export type ScreeningSelf = {
  readonly has: (slot: number, feature: number) => boolean
  /** Values of self that the field has learned. */
  readonly samples: (slot: number) => number
}

const maxPattern = 80
const maxOverruled = 1_000
/** Inherited detectors descend from the frozen scorer. */
const inheritedFrom = 'frozen-scorer'

/** The detectors that did something, with their records. Bounded; the ones that were quiet longest leave first. */
export class DetectorRegistry {
  readonly #detectors: BoundedMap<string, Detector>
  /** Those that a person called wrong, apart, so that no traffic drives them out. */
  readonly #overruled = new BoundedMap<string, Detector>(maxOverruled)

  constructor(capacity: number) {
    this.#detectors = new BoundedMap(capacity)
  }

  /** Name of the detector for a feature of a field. */
  static idOf(slot: number, feature: number): string {
    const kind = kindOf(feature)
    return `${kind === 'chunk' ? 'r3' : kind}-${slot}-${feature}`
  }

  /**
   * A detector matched: on its first match its screening against self is recorded. That nobody is asked about matches is
   * exact: the field's self is the union of all that its values showed, and the feature is not in it.
   */
  match(match: DetectorMatch): string {
    const id = DetectorRegistry.idOf(match.slot, match.feature)
    if (this.#overruled.has(id)) return id
    const known = this.#detectors.get(id)
    const detector = known === undefined || known.state.kind === 'retired' ? firstSeen(match) : known
    if (detector !== known) this.#detectors.set(id, detector)
    detector.state = nextDetectorState(detector.state, { kind: 'matched' })
    return id
  }

  /** Moves a detector on; unknown ids are ignored, since they may have been dropped. */
  apply(id: string, event: DetectorEvent): void {
    const detector = this.#detectors.peek(id)
    if (detector !== undefined) detector.state = nextDetectorState(detector.state, event)
  }

  /** Screens again what has not retired: a detector that self shows now retires, the others are proven against more. */
  screen(self: ScreeningSelf, atMs: number): void {
    for (const detector of this.#detectors.values()) {
      const { state, slot, feature } = detector
      if (state.kind === 'retired' || state.kind === 'candidate') continue
      const samples = self.samples(slot)
      if (samples === state.screenedAgainst) continue
      const selfMatches = self.has(slot, feature) ? 1 : 0
      detector.state = nextDetectorState(state, { kind: 'screened', atMs, samples, selfMatches })
      detector.screenedAtMs = atMs
    }
  }

  /** A person calls a detector wrong. What it stands for; `undefined` for an id that nobody knows. */
  retire(id: string, atMs: number): Pick<SavedDetector, 'slot' | 'feature'> | undefined {
    const detector = this.#detectors.get(id)
    if (detector === undefined) return this.#overruled.get(id)
    const { state } = detector
    // What self has caught up with is overruled as well: self may forget.
    detector.state =
      state.kind === 'retired'
        ? { ...state, sinceMs: atMs, why: 'false-positive' }
        : nextDetectorState(state, { kind: 'retired', atMs, why: 'false-positive' })
    this.#detectors.delete(id)
    this.#overruled.set(id, detector)
    return detector
  }

  /** What people called normal, by field. */
  overruled(): readonly Pick<SavedDetector, 'slot' | 'feature'>[] {
    return [...this.#overruled.values()]
  }

  find(id: string): DetectorSummary | undefined {
    const detector = this.#overruled.peek(id) ?? this.#detectors.peek(id)
    return detector === undefined ? undefined : summarize([id, detector])
  }

  /** Everything as plain data. */
  content(): readonly SavedDetector[] {
    return [...this.#overruled.values(), ...this.#detectors.values()]
  }

  /** Takes in what `content` gave, in that order. */
  restore(saved: readonly SavedDetector[]): void {
    for (const detector of saved) {
      const { state } = detector
      const isOverruled = state.kind === 'retired' && state.why === 'false-positive'
      const map = isOverruled ? this.#overruled : this.#detectors
      map.set(DetectorRegistry.idOf(detector.slot, detector.feature), { ...detector })
    }
  }

  list(limit: number): readonly DetectorSummary[] {
    const all = [...this.#overruled.entries(), ...this.#detectors.entries()]
    return all.slice(-limit).reverse().map(summarize)
  }
}

/** At its first match, and again where self has forgotten what it had shown. */
function firstSeen({ slot, feature, field, samples, atMs, pattern }: DetectorMatch): Detector {
  const screened: DetectorEvent = { kind: 'screened', atMs, samples, selfMatches: 0 }
  return {
    slot,
    feature,
    pattern: pattern.slice(0, maxPattern),
    field,
    parent: kindOf(feature) === 'inherited' ? inheritedFrom : null,
    screenedAtMs: atMs,
    state: nextDetectorState({ kind: 'candidate' }, screened),
  }
}

function summarize([id, detector]: [string, Detector]): DetectorSummary {
  const { state, field, pattern, parent, screenedAtMs, feature } = detector
  return {
    id,
    kind: kindOf(feature),
    field,
    pattern,
    state: state.kind,
    retiredBecause: state.kind === 'retired' ? state.why : null,
    screenedAgainst: state.kind === 'candidate' ? 0 : state.screenedAgainst,
    screenedAtMs,
    selfMatches: state.kind === 'retired' && state.why === 'matched-self' ? 1 : 0,
    matches: state.kind === 'candidate' ? 0 : state.matches,
    parent,
  }
}
