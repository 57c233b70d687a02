import type { FrozenScorer } from '../antigen/scorer.ts'
import type { Place, SelfScreen } from './memory.ts'

/** Log-odds of the frozen scorer below which a value is no attack, however much of a remembered one is in it. */
const leastDoubt = 1
/** What has so much of an attack is that attack. */
const wholeAffinity = 0.85
/** From this score on a value is foreign where it stands, whatever the frozen scorer thinks of it. */
const leastForeign = 0.5

/**
 * What memory asks about a value that a cell recalls, and about a clone: nothing that the frozen scorer finds harmless is
 * an attack again, unless nearly all of one is there or the value is foreign where it stands. Without a scorer nothing is
 * screened out.
 */
export function createSelfScreen(scorer: FrozenScorer | null, foreignness: (place: Place) => number): SelfScreen {
  return (text, { place, affinity }) => {
    if (affinity >= wholeAffinity || scorer === null || scorer.score(text) >= leastDoubt) return false
    return place === null || foreignness(place) < leastForeign
  }
}
