import type { EventBus, Exchange } from '../core/events.ts'
import type { CaseLog } from './cases.ts'

/** Score from which a request that was let through is worth a person's look. */
const minReviewScore = 0.5

/** Files every refused, would-be refused or suspicious request as a case; returns the function that ends it. */
export function followCases(events: Pick<EventBus, 'subscribe'>, cases: Pick<CaseLog, 'add'>): () => void {
  return events.subscribe((event) => {
    if (event.kind !== 'exchange') return
    const { exchange } = event
    if (isWorthReview(exchange)) cases.add(caseOf(exchange))
  })
}

/** A refusal for a hold or a pace has no finding of its own: it is the hold that a person reviews. */
function isWorthReview({ verdict }: Exchange): boolean {
  if (verdict.findings.length === 0) return false
  return verdict.kind !== 'allow' || verdict.would !== undefined || verdict.score >= minReviewScore
}

function caseOf(exchange: Exchange): Parameters<CaseLog['add']>[0] {
  const { verdict } = exchange
  return {
    referenceId: verdict.referenceId,
    atMs: exchange.atMs,
    clientId: exchange.clientId,
    service: exchange.service,
    method: exchange.method,
    route: exchange.route,
    mode: verdict.mode,
    verdict: verdict.kind,
    would: verdict.kind === 'allow' ? (verdict.would?.kind ?? null) : null,
    status: exchange.status,
    score: verdict.score,
    findings: verdict.findings,
    review: 'open',
    reviewedBy: null,
  }
}
