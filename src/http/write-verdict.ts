import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { DenyReason, Verdict } from '../core/verdict.ts'
import { closeAfter } from './connection.ts'
import type { Rejection } from './rejection.ts'

// The only writer of a refusal. It says what the client may know: no rule, no field, no score.

/** Anything but permission. */
export type RefusingVerdict = Exclude<Verdict, { kind: 'allow' }>

/** The one sentence that each reason gives to the client; docs/ERRORS.md explains it to the operator. */
export const denySentences: Readonly<Record<DenyReason | 'slow', string>> = {
  fault: 'The request could not be checked and was refused.',
  attack: 'The request looks like an attack and was refused.',
  anomaly: 'The request differs too much from what this API normally receives.',
  remembered: 'The request resembles a known attack and was refused.',
  leak: 'The answer held what this API does not give away and was withheld.',
  held: 'This client is held for the time being.',
  restricted: 'This client may currently make only requests that it has made before.',
  malformed: 'The request does not have a valid form.',
  'too-large': 'The request is larger than this API accepts.',
  rate: 'This client sends too many requests.',
  slow: 'This client has to slow down.',
}

/** For a refusal with 429 whose verdict names no time. */
const defaultRetryAfterS = 1
const heldRetryAfterS = 60

type Problem = {
  readonly status: number
  readonly type: string
  readonly detail: string
  readonly referenceId: string
  readonly retryAfterS: number
}

/** Writes a refusal; `close` ends the connection, as it must be where the body was not read. */
export function writeVerdict(
  res: ServerResponse,
  verdict: RefusingVerdict,
  { close }: { readonly close: boolean },
): void {
  const { status, referenceId } = verdict
  const because = verdict.kind === 'slow' ? 'slow' : verdict.because
  writeProblem(
    res,
    {
      status,
      type: `urn:thymus:${because}`,
      detail: denySentences[because],
      referenceId,
      retryAfterS: status === 429 ? retryAfterS(verdict) : 0,
    },
    close,
  )
}

function retryAfterS(verdict: RefusingVerdict): number {
  if (verdict.kind === 'slow') return Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000))
  return verdict.because === 'held' ? heldRetryAfterS : defaultRetryAfterS
}

/** Writes what the membrane or the reading of the body refused, always closing; returns the reference id. */
export function writeRejection(res: ServerResponse, rejection: Rejection): string {
  const referenceId = randomUUID()
  const { status, because, detail } = rejection
  writeProblem(res, { status, type: `urn:thymus:${because}`, detail, referenceId, retryAfterS: 0 }, true)
  return referenceId
}

/** Writes a fault of ours or of the upstream. */
export function writeFault(
  res: ServerResponse,
  fault: { status: number; code: string; detail: string; close: boolean },
): void {
  const { status, code, detail, close } = fault
  const referenceId = randomUUID()
  writeProblem(res, { status, type: `urn:thymus:${code}`, detail, referenceId, retryAfterS: 0 }, close)
}

function writeProblem(res: ServerResponse, problem: Problem, close: boolean): void {
  const body = problemBody(problem)
  const headers = [
    'Content-Type',
    'application/problem+json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
  ]
  if (problem.retryAfterS > 0) headers.push('Retry-After', String(problem.retryAfterS))
  if (problem.status === 405) headers.push('Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS')
  if (close) {
    headers.push('Connection', 'close')
    closeAfter(res)
  }
  res.writeHead(problem.status, headers)
  res.end(body)
}

function problemBody({ status, type, detail, referenceId }: Problem): string {
  return JSON.stringify({ type, title: STATUS_CODES[status] ?? 'Error', status, detail, referenceId })
}

/** A whole answer as bytes, for a connection on which node's parser gave up and no response object exists. */
export function rawProblem(status: number, detail: string): string {
  const referenceId = randomUUID()
  const body = problemBody({ status, type: 'urn:thymus:malformed', detail, referenceId, retryAfterS: 0 })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
