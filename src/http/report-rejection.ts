import type { ThymusEvent } from '../core/events.ts'
import type { Deny, Mode } from '../core/verdict.ts'
import type { Rejection } from './rejection.ts'

export type RejectionReport = {
  readonly referenceId: string
  readonly method: string
  readonly remoteAddress: string
  readonly mode: Mode
  readonly atMs: number
}

/**
 * Tells telemetry of a rejection in the form of every other exchange. No layer saw the request, so no path, route or
 * identity is made of it. This is the one verdict that `engine/decide.ts` does not make: it is a report, never acted on.
 */
export function reportOf(rejection: Rejection, report: RejectionReport): ThymusEvent {
  const { referenceId, method, remoteAddress, mode, atMs } = report
  const verdict: Deny = {
    kind: 'deny',
    status: denyStatus(rejection.status),
    because: rejection.because,
    findings: [{ layer: 'innate', source: 'membrane', field: null, score: 1, reason: rejection.detail }],
    score: 1,
    referenceId,
    mode,
  }
  const clientId = `address:${remoteAddress}`
  const { status } = rejection
  return {
    kind: 'exchange',
    exchange: { atMs, clientId, service: '', method, route: '(rejected)', verdict, status, durationMs: 0 },
  }
}

function denyStatus(status: Rejection['status']): Deny['status'] {
  return status === 413 || status === 431 ? status : 400
}
