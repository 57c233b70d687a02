import type { Finding } from '../core/finding.ts'
import type { Inspection, Outcome } from './engine.ts'

/** Rules that only find something odd do not keep a request out of self. */
const maxInnateScore = 0.3

/**
 * Whether a request may become part of self: let through, answered with success, clean to the rules and to memory, and
 * sent by a client that nothing is held against. Distinct sources and time slices are counted later, per feature.
 */
export function isAdmitted(inspection: Inspection, outcome: Outcome, isClientSuspicious: boolean): boolean {
  if (inspection.request === null || isClientSuspicious) return false
  if (inspection.verdict.kind !== 'allow' || outcome.status < 200 || outcome.status >= 400) return false
  if (inspection.verdict.mode === 'off') return false
  return !inspection.verdict.findings.some(speaksAgainstLearning)
}

function speaksAgainstLearning(finding: Finding): boolean {
  if (finding.shadow === true || finding.layer === 'adaptive') return false
  return finding.layer !== 'innate' || finding.score > maxInnateScore
}

/** Findings that count against the client: acting ones that are more than a hint. */
export function accusationsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ shadow, score, isAboutAnswer }) => shadow !== true && score >= minAccusation && isAboutAnswer !== true,
  )
}

const minAccusation = 0.5
