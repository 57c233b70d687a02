/**
 * Room innate: what is known in advance: rules with their own cases, limits.
 * It must not learn, decide or touch the network; it only says what it saw.
 */
import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { ResponsePlan, ResponseView } from './seclang/run/program-layer.ts'

/** A rule as people see it: in lists, in explanations, in the dashboard. */
export type RuleSummary = {
  readonly id: string
  readonly family: string
  readonly title: string
  readonly paranoia: number
  /** 0..1: what one match adds. */
  readonly score: number
  readonly tags: readonly string[]
  readonly file: string
  /** Times it matched since the start. */
  readonly hits: number
  readonly isShadow: boolean
}

/** The static layer: everything known in advance. */
export type Innate = {
  /** Appends what the rules saw. Synchronous, linear in the size of the request. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /**
   * Appends what rules about answers saw, of a request that was inspected: its head alone while there is no body, then
   * the whole. Synchronous, linear in the size of the answer.
   */
  readonly inspectResponse: (request: CanonicalRequest, response: ResponseView, findings: Finding[]) => void
  /** What is wanted of answers; `null` when no rule asks about them. */
  readonly responses: ResponsePlan | null
  readonly rules: () => readonly RuleSummary[]
  /** What rule files ask for and does not happen here, a sentence each. */
  readonly notices: readonly string[]
}

/** Token buckets per client and per client and route. */
export type RateLimits = {
  /** Takes one token of each bucket; returns milliseconds to wait when one of them is empty, else 0. */
  readonly take: (clientId: string, routeKey: string, nowMs: number) => number
}
