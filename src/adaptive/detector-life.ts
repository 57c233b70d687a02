/** Why a detector left the repertoire. */
export type Retirement = 'matched-self' | 'expired' | 'false-positive' | 'suppressed'

/** Exactly one state; what a state does not have cannot be read. */
export type DetectorState =
  | { readonly kind: 'candidate' }
  | { readonly kind: 'mature'; readonly sinceMs: number; readonly screenedAgainst: number; readonly matches: number }
  | {
      readonly kind: 'activated'
      readonly sinceMs: number
      readonly screenedAgainst: number
      readonly matches: number
      readonly corroboratedBy: string
    }
  | { readonly kind: 'memory'; readonly sinceMs: number; readonly screenedAgainst: number; readonly matches: number }
  | {
      readonly kind: 'retired'
      readonly sinceMs: number
      readonly why: Retirement
      readonly screenedAgainst: number
      readonly matches: number
    }

export type DetectorEvent =
  /** Compared with self: `selfMatches` of `samples` values had it. */
  | { readonly kind: 'screened'; readonly atMs: number; readonly samples: number; readonly selfMatches: number }
  | { readonly kind: 'matched' }
  /** A second, independent kind of evidence stood against the same request or client. */
  | { readonly kind: 'corroborated'; readonly atMs: number; readonly by: string }
  | { readonly kind: 'confirmed'; readonly atMs: number }
  | { readonly kind: 'retired'; readonly atMs: number; readonly why: Retirement }

/**
 * The life of a detector: candidate, mature once no self value has it, activated by a match with second evidence,
 * memory when confirmed, retired. A detector that matches self retires from wherever it is.
 */
export function nextDetectorState(state: DetectorState, event: DetectorEvent): DetectorState {
  if (state.kind === 'retired') return state
  switch (event.kind) {
    case 'screened':
      return screened(state, event)
    case 'matched':
      return state.kind === 'candidate' ? state : { ...state, matches: state.matches + 1 }
    case 'corroborated':
      return state.kind === 'mature'
        ? { ...state, kind: 'activated', sinceMs: event.atMs, corroboratedBy: event.by }
        : state
    case 'confirmed':
      return state.kind === 'activated' ? rememberedFrom(state, event.atMs) : state
    case 'retired':
      return retiredFrom(state, event)
  }
}

function screened(
  state: Exclude<DetectorState, { kind: 'retired' }>,
  event: Extract<DetectorEvent, { kind: 'screened' }>,
): DetectorState {
  if (event.selfMatches > 0) return retiredFrom(state, { atMs: event.atMs, why: 'matched-self' })
  if (state.kind !== 'candidate') return { ...state, screenedAgainst: event.samples }
  return { kind: 'mature', sinceMs: event.atMs, screenedAgainst: event.samples, matches: 0 }
}

/** What a detector did stays readable after it left. */
function retiredFrom(
  state: Exclude<DetectorState, { kind: 'retired' }>,
  { atMs, why }: { readonly atMs: number; readonly why: Retirement },
): DetectorState {
  const record = state.kind === 'candidate' ? { screenedAgainst: 0, matches: 0 } : state
  return { kind: 'retired', sinceMs: atMs, why, screenedAgainst: record.screenedAgainst, matches: record.matches }
}

function rememberedFrom(state: Extract<DetectorState, { kind: 'activated' }>, atMs: number): DetectorState {
  return { kind: 'memory', sinceMs: atMs, screenedAgainst: state.screenedAgainst, matches: state.matches }
}
