import type { Layer } from '../core/finding.ts'
import type { Rung } from './ladder.ts'

/** One client on the ladder. */
export type Hold = {
  readonly clientId: string
  readonly rung: Rung
  readonly sinceMs: number
  /** When it ends by itself. Every hold ends. */
  readonly untilMs: number
  /** One sentence per kind of evidence, redacted. */
  readonly reasons: readonly string[]
  /** Kinds of evidence it stands on; one kind alone never holds longer than the shortest time. */
  readonly kinds: readonly Layer[]
  readonly basis: 'one-kind' | 'two-kinds'
  /** Holds so far, which sets the length of the next. */
  readonly count: number
  readonly by: 'machine' | 'person'
  readonly origin: string
  /** On rung `slowed`: one request is let through in this time, 0 on other rungs. */
  readonly retryAfterMs: number
  /** On rung `restricted`: what the client may still read, as `GET /orders/{int}`. */
  readonly allowedRoutes: readonly string[]
}

export type Exemption = {
  readonly clientId: string
  readonly untilMs: number | null
  readonly by: string
  readonly reason: string
}
