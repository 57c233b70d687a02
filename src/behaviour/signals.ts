import type { Config } from '../config/schema.ts'
import type { Finding } from '../core/finding.ts'
import { type ClientTrack, carryOf, distinctObjects, distinctOf, type Halves, type RouteTrack } from './client-track.ts'
import { type Quantile, trustedQuantile } from './population.ts'
import { walkFinding } from './walk.ts'

type Settings = Config['behaviour']

/** What is ordinary for all clients of this gateway together. */
export type Surroundings = {
  /** Share of requests that go to routes self has not shown. */
  readonly unknownShare: number
  /** Requests that a busy client sends within a window. */
  readonly requests: Quantile
}

/** Scores below this are nobody's business. */
export const reportFloor = 0.4
const accountsOfStuffing = 3

/** What the conduct of a client says now. Each signal is relative: to its own answers, to the route, to other clients. */
export function judge(
  track: ClientTrack,
  routeTrack: RouteTrack,
  context: { readonly nowMs: number; readonly settings: Settings; readonly around: Surroundings; findings: Finding[] },
): void {
  const { settings, around, findings } = context
  const carry = carryOf(track, context.nowMs, settings.windowMs)
  const { current, before } = track.tally
  if (routeTrack.objects !== null) {
    const distinct = distinctObjects(routeTrack.objects, carry)
    if (distinct >= minWalk(settings)) push(findings, walkFinding(routeTrack, { distinct, carry, settings }))
  }
  const failedSignIns = current.failedSignIns + before.failedSignIns * carry
  if (failedSignIns >= settings.maxFailedSignIns)
    push(findings, signInFinding(track, failedSignIns, { carry, settings }))
  const errors = current.errors + before.errors * carry
  if (errors >= settings.minRequests * settings.maxErrorShare)
    push(findings, errorFinding(track, errors, { carry, settings }))
  if (track.unknownTargets !== null) push(findings, unknownFinding(track, { carry, settings, around }))
  const requests = current.requests + before.requests * carry
  if (requests >= settings.minRequests * 20) push(findings, burstFinding(requests, around, settings))
}

/** Distinct objects below which nothing is a walk, however it looks. */
export function minWalk(settings: Settings): number {
  return Math.max(3, Math.ceil(settings.maxDistinctObjects / 4))
}

function signInFinding(
  track: ClientTrack,
  failed: number,
  { carry, settings }: { carry: number; settings: Settings },
): Finding | null {
  const tried = sum(track.tally, 'signIns', carry)
  const accounts = distinctOf(track.accounts, carry)
  // An office behind one address signs in successfully most of the time; one person forgets one password.
  if (failed < tried * 0.5) return null
  const limit = accounts >= accountsOfStuffing ? settings.maxFailedSignIns : settings.maxFailedSignIns * 2
  if (failed < limit) return null
  const score = Math.min(0.95, 0.6 + 0.2 * (failed / limit - 1) + (accounts >= accountsOfStuffing ? 0.2 : 0))
  const over = accounts >= 2 ? ` over ${Math.round(accounts)} accounts` : ''
  return clientFinding(
    'failed-sign-ins',
    score,
    `${Math.round(failed)} of ${Math.round(tried)} sign-ins failed${over}`,
    settings,
  )
}

function errorFinding(
  track: ClientTrack,
  errors: number,
  { carry, settings }: { carry: number; settings: Settings },
): Finding | null {
  const answers = sum(track.tally, 'answers', carry)
  if (answers < settings.minRequests) return null
  const excess = (errors - sum(track.tally, 'expectedErrors', carry)) / answers
  if (excess < settings.maxErrorShare) return null
  // A client that polls one missing thing is broken, not searching.
  const targets = distinctOf(track.errorTargets, carry)
  if (targets < 3) return null
  const confidence = answers / (answers + settings.minRequests)
  const score = Math.min(0.9, 0.4 + 0.6 * excess * confidence * Math.min(1, targets / settings.minRequests))
  const figures = `${Math.round(errors)} of ${Math.round(answers)} answers were errors, on ${Math.round(targets)} different paths`
  return clientFinding('error-share', score, figures, settings)
}

/** Paths nobody uses that do not exist: a search for hidden things. A new version of the API answers instead. */
function unknownFinding(
  track: ClientTrack,
  { carry, settings, around }: { carry: number; settings: Settings; around: Surroundings },
): Finding | null {
  const targets = distinctOf(track.unknownTargets, carry)
  const limit = Math.max(4, settings.minRequests / 2)
  if (targets < limit || around.unknownShare > 0.3) return null
  const score = Math.min(0.9, 0.5 + 0.4 * ((targets - limit) / (3 * limit)))
  return clientFinding(
    'unknown-routes',
    score,
    `${Math.round(targets)} different unknown paths were asked for and refused`,
    settings,
  )
}

/** Far more requests than the busiest ordinary clients send; weak by itself, since a batch job does the same. */
function burstFinding(requests: number, around: Surroundings, settings: Settings): Finding | null {
  const busy = trustedQuantile(around.requests)
  if (busy === 0 || requests < 4 * busy) return null
  const score = Math.min(0.6, 0.4 + 0.02 * (requests / busy - 4))
  const figures = `${Math.round(requests)} requests, where busy clients send ${Math.round(busy)}`
  return clientFinding('burst', score, figures, settings)
}

function clientFinding(source: string, score: number, figures: string, settings: Settings): Finding {
  const reason = `${figures} within ${Math.round(settings.windowMs / 1_000)} s.`
  return { layer: 'behaviour', source, field: null, score, reason }
}

function push(findings: Finding[], finding: Finding | null): void {
  if (finding !== null && finding.score >= reportFloor) findings.push(finding)
}

export function sum<K extends string>(halves: Halves<Record<K, number>>, key: K, carry: number): number {
  return halves.current[key] + halves.before[key] * carry
}
