import { z } from 'zod'
import { describeChunk } from '../antigen/chunks.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import { type FieldId, fieldLocations } from '../core/finding.ts'
import type { DetectorSummary } from './adaptive.ts'
import { type DetectorEvent, type DetectorState, nextDetectorState } from './detector-life.ts'

const layerState = { sinceMs: z.int(), screenedAgainst: z.int().nonnegative(), matches: z.int().nonnegative() }
const stateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('candidate') }),
  z.strictObject({ kind: z.literal('mature'), ...layerState }),
  z.strictObject({ kind: z.literal('activated'), ...layerState, corroboratedBy: z.string() }),
  z.strictObject({ kind: z.literal('memory'), ...layerState }),
  z.strictObject({
    kind: z.literal('retired'),
    sinceMs: z.int(),
    why: z.enum(['matched-self', 'expired', 'false-positive', 'suppressed']),
  }),
])

/** Form of a detector in a snapshot. */
export const detectorSchema = z.strictObject({
  slot: z.int().nonnegative(),
  chunk: z.int().nonnegative(),
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

/** A detector that has matched at least once. All others exist only as zero bits of their field's self. */
export type SavedDetector = z.output<typeof detectorSchema>
type Detector = Omit<SavedDetector, 'state'> & { state: DetectorState }

export type DetectorMatch = {
  readonly slot: number
  readonly chunk: number
  readonly field: FieldId
  readonly samples: number
  readonly atMs: number
}

/** The detectors that did something, with their records. Bounded; the ones that were quiet longest leave first. */
export class DetectorRegistry {
  readonly #detectors: BoundedMap<string, Detector>

  constructor(capacity: number) {
    this.#detectors = new BoundedMap(capacity)
  }

  /** Name of the detector for a chunk of a field. */
  static idOf(slot: number, chunk: number): string {
    return `r3-${slot}-${chunk}`
  }

  /** A detector matched: on its first match its screening against self is recorded. */
  match(match: DetectorMatch): string {
    const id = DetectorRegistry.idOf(match.slot, match.chunk)
    let detector = this.#detectors.get(id)
    if (detector === undefined) {
      const screened: DetectorEvent = { kind: 'screened', atMs: match.atMs, samples: match.samples, selfMatches: 0 }
      detector = {
        slot: match.slot,
        chunk: match.chunk,
        field: match.field,
        parent: null,
        screenedAtMs: match.atMs,
        state: nextDetectorState({ kind: 'candidate' }, screened),
      }
      this.#detectors.set(id, detector)
    }
    detector.state = nextDetectorState(detector.state, { kind: 'matched' })
    return id
  }

  /** Moves a detector on; unknown ids are ignored, since they may have been dropped. */
  apply(id: string, event: DetectorEvent): void {
    const detector = this.#detectors.peek(id)
    if (detector !== undefined) detector.state = nextDetectorState(detector.state, event)
  }

  /** Screens all detectors again: those whose chunk has become self retire. */
  screen(hasSelf: (slot: number, chunk: number) => boolean, atMs: number): number {
    let retired = 0
    for (const detector of this.#detectors.values()) {
      if (detector.state.kind === 'retired' || !hasSelf(detector.slot, detector.chunk)) continue
      detector.state = nextDetectorState(detector.state, { kind: 'retired', atMs, why: 'matched-self' })
      retired += 1
    }
    return retired
  }

  /** Everything as plain data. */
  content(): readonly SavedDetector[] {
    return [...this.#detectors.values()]
  }

  /** Takes in what `content` gave, in that order. */
  restore(saved: readonly SavedDetector[]): void {
    for (const detector of saved)
      this.#detectors.set(DetectorRegistry.idOf(detector.slot, detector.chunk), { ...detector })
  }

  list(limit: number): readonly DetectorSummary[] {
    return [...this.#detectors.entries()].slice(-limit).reverse().map(summarize)
  }
}

function summarize([id, detector]: [string, Detector]): DetectorSummary {
  const { state } = detector
  const hasRecord = state.kind !== 'candidate' && state.kind !== 'retired'
  return {
    id,
    field: detector.field,
    pattern: describeChunk(detector.chunk),
    state: state.kind,
    screenedAgainst: hasRecord ? state.screenedAgainst : 0,
    screenedAtMs: detector.screenedAtMs,
    matches: hasRecord ? state.matches : 0,
    parent: detector.parent,
  }
}
