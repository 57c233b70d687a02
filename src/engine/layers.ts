import type { Tolerances } from '../adaptive/adaptive.ts'
import type { ClonalSelection } from '../adaptive/clonal/clonal-selection.ts'
import type { AdaptiveControl } from '../adaptive/create-adaptive.ts'
import type { Behaviour } from '../behaviour/behaviour.ts'
import type { Innate, RateLimits } from '../innate/innate.ts'
import type { Memory } from '../memory/memory.ts'
import type { Quarantine } from '../quarantine/quarantine.ts'

/** What an engine is made of; `null` where a part is switched off, so that the walk skips it with one comparison. */
export type EngineLayers = {
  readonly innate: Innate | null
  readonly rateLimits: RateLimits | null
  readonly memory: Memory | null
  /** Makes further cells of a confirmed attack. */
  readonly clones?: ClonalSelection | null
  readonly adaptive: AdaptiveControl | null
  readonly behaviour: Behaviour | null
  readonly quarantine: Quarantine | null
  readonly tolerances: Tolerances | null
}
