import type { DenyReason } from '../core/verdict.ts'

/** A request that is turned away before any layer has seen it: framing, size or form, never content. */
export type Rejection = {
  readonly kind: 'rejected'
  readonly status: 400 | 405 | 408 | 413 | 415 | 431
  readonly because: Extract<DenyReason, 'malformed' | 'too-large'>
  /** One sentence for the client. */
  readonly detail: string
}

export function malformed(detail: string, status: Rejection['status'] = 400): Rejection {
  return { kind: 'rejected', status, because: 'malformed', detail }
}

export function tooLarge(detail: string, status: 413 | 431 = 413): Rejection {
  return { kind: 'rejected', status, because: 'too-large', detail }
}
