import type { Finding } from '../core/finding.ts'
import { frozenScorerSource } from '../innate/frozen-finding.ts'
import type { Inspection, Outcome } from './engine.ts'

/** Rules that only find something odd do not keep a request out of self. */
const maxInnateScore = 0.3

/**
 * Whether a request may become part of self: let through, answered with success, clean to the rules and to memory, and
 * sent by a client that nothing is held against. Nor would it be refused. Distinct sources and time slices are counted later, per feature.
 */
export function isAdmitted(inspection: Inspection, outcome: Outcome, isClientSuspicious: boolean): boolean {
  if (inspection.request === null || isClientSuspicious) return false
  const { verdict } = inspection
  // What monitor mode lets pass and would refuse speaks for self as little as what enforce mode refuses.
  if (verdict.kind !== 'allow' || verdict.would !== undefined || verdict.mode === 'off') return false
  if (outcome.status < 200 || outcome.status >= 400) return false
  return !inspection.verdict.findings.some(speaksAgainstLearning)
}

function speaksAgainstLearning(finding: Finding): boolean {
  if (finding.shadow === true || finding.layer === 'adaptive') return false
  return finding.layer !== 'innate' || finding.score > maxInnateScore
}

/** Acting findings about the request that are more than a hint: one of them is enough for it to speak for nobody. */
export function doubtsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ shadow, score, isAboutAnswer }) => shadow !== true && score >= minDoubt && isAboutAnswer !== true,
  )
}

/**
 * Those of the doubts that count against the client. A score of the inherited repertoire has to be certain: the learned
 * layers read the same value, and two doubts about one sentence are no two kinds of evidence.
 */
export function accusationsOf(doubts: readonly Finding[]): readonly Finding[] {
  return doubts.filter(
    ({ layer, source, score }) => layer !== 'innate' || source !== frozenScorerSource || score >= minStatistical,
  )
}

const minDoubt = 0.5
const minStatistical = 0.8
