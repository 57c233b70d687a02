import type { FrozenScorer } from '../antigen/scorer.ts'
import type { Contribution, Evidence, ScorerEvidence } from '../antigen/scorer-evidence.ts'
import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldIdOf } from '../request/field.ts'
import { excerptOf } from './excerpt.ts'

/** The inherited repertoire as the innate layer reads it: whole. */
export type InnateScorer = {
  readonly scorer: FrozenScorer
  readonly evidence: ScorerEvidence
  /** Score from which the scorer alone refuses. */
  readonly denyScore: number
}

/** A value that scores high, and where its worst stretch ends. */
export type WorstField = { readonly field: Field; readonly logOdds: number; readonly end: number }

export const frozenScorerSource = 'frozen-scorer'
export const frozenScorerTitle = 'Reads like an attack'

/** From this score on the innate layer is certain and refuses by itself (`engine/decide.ts`). */
const certain = 0.8
const belowCertain = 0.79
/** Browsers and tools choose their headers freely: what stands there is evidence, and no reason to refuse by itself. */
export const maxHeaderScore = 0.75
/** Characters before the end of the worst stretch that are read again for the reason. */
const maxExplained = 512
/** How many detectors a reason names. */
const maxNamed = 3

/** What the scorer saw in a value, told without giving the value away. */
export function describeScore(request: CanonicalRequest, worst: WorstField, options: InnateScorer): Finding {
  const { scorer, evidence, denyScore } = options
  const { field, logOdds, end } = worst
  const probability = 1 / (1 + Math.exp(scorer.model.calibration.prior - logOdds))
  const isCertain = denyScore < 1 && probability >= denyScore
  const full = isCertain ? Math.max(probability, certain) : Math.min(probability, belowCertain)
  return {
    layer: 'innate',
    source: frozenScorerSource,
    field: fieldIdOf(field, request.route),
    score: field.location === 'header' ? Math.min(full, maxHeaderScore) : full,
    reason: reasonOf(worst, evidence.explain(field.value.slice(Math.max(0, end - maxExplained), end))),
  }
}

function reasonOf({ field, logOdds, end }: WorstField, { start, contributions }: Evidence): string {
  const span = { start: Math.max(0, end - maxExplained) + start, end }
  const excerpt = excerptOf(field.value, span, field.name)
  const where = `${frozenScorerTitle} in ${field.location} ${field.name}: ${excerpt}`
  const odds = `log-odds ${logOdds.toFixed(1)}`
  const names = excerpt.startsWith('(') ? [] : namesOf(contributions)
  return names.length === 0 ? `${where}, ${odds}.` : `${where}, for ${names.join(', ')}; ${odds}.`
}

/** The strongest detectors, tokens first among equals; what repeats counts once with all its weight. */
function namesOf(contributions: readonly Contribution[]): string[] {
  const totals = new Map<string, number>()
  for (const { text, weight, isToken } of contributions) {
    if (weight > 0) totals.set(text, (totals.get(text) ?? 0) + (isToken ? weight * 2 : weight))
  }
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .slice(0, maxNamed)
    .map(([text]) => JSON.stringify(text))
}
