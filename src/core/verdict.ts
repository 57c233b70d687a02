import type { Finding } from './finding.ts'

/** How far the engine may go: `off` does nothing, `learn` and `monitor` only watch, `enforce` acts. */
export type Mode = 'off' | 'learn' | 'monitor' | 'enforce'

type VerdictBase = {
  /** Everything the layers saw, shadow findings included. */
  readonly findings: readonly Finding[]
  /** All findings that may act, fused to one figure in 0..1. */
  readonly score: number
  /** What `thymus explain` and the dashboard resolve; shown to the refused client. */
  readonly referenceId: string
  /** The effective mode of the route. */
  readonly mode: Mode
}

export type Allow = VerdictBase & {
  readonly kind: 'allow'
  /** What enforce mode would have done; absent when it would have allowed as well. */
  readonly would?: Refusal
}
export type Slow = VerdictBase & { readonly kind: 'slow'; readonly status: 429; readonly retryAfterMs: number }
export type Deny = VerdictBase & {
  readonly kind: 'deny'
  readonly status: 400 | 403 | 413 | 429 | 431 | 503
  /** The key of the refusal table that says which sentence the client gets. */
  readonly because: DenyReason
}

/** Why a request is refused; each has one sentence for the client and a row in docs/ERRORS.md. */
export type DenyReason =
  | 'fault'
  | 'attack'
  | 'anomaly'
  | 'remembered'
  | 'leak'
  | 'held'
  | 'restricted'
  | 'malformed'
  | 'too-large'
  | 'rate'

export type Refusal =
  | { readonly kind: 'slow'; readonly status: 429; readonly retryAfterMs: number }
  | { readonly kind: 'deny'; readonly status: Deny['status']; readonly because: DenyReason }

/** What to do with a request. Only `engine/decide.ts` makes one. */
export type Verdict = Allow | Slow | Deny
