/**
 * Surprise of anything new, in nats: `-ln P(new)` where `singular` of so many distinct requests showed what nobody else
 * has (Good 1953), with the prior of Krichevsky and Trofimov 1981. 0 or more.
 */
export const surpriseOf = (singular: number, evidence: number): number =>
  Math.max(0, -Math.log((singular + 0.5) / (evidence + 1)))
