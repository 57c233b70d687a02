import type { Config } from '../config/schema.ts'
import type { Finding, Layer } from '../core/finding.ts'
import type { Inspection, Outcome } from '../engine/engine.ts'
import type { RequestView } from '../request/request-view.ts'

/**
 * An engine with nothing around it: no listener, no timers, no disk. `app.ts` makes it, so that this room need not know
 * the layers. Its time is the `receivedAtMs` of the last view and the `atMs` of the last outcome, never the wall clock.
 */
export type ReplayEngine = {
  readonly inspect: (view: RequestView) => Inspection
  /** Once per inspection. What it offers for learning is taken in at the next `learn`, not before. */
  readonly settle: (inspection: Inspection, outcome: Outcome) => void
  /**
   * Teaches one request as vetted self: no second source or time slice is asked for. Returns false for one that rules
   * would refuse by themselves, which teaches nothing: whoever vouches for a file has hardly read each line of it.
   * `isCertain` takes it all the same.
   */
  readonly learnVetted: (view: RequestView, isCertain?: boolean) => boolean
  /** Ends the teaching: everything taught is learned, and what was learned acts from now on. */
  readonly finishLearning: () => Promise<void>
  /** Learns now what settled requests offered, under the ordinary rules. */
  readonly learn: () => void
  /** What enforce mode would decide if only these findings had been made: the fused score and the refusal. */
  readonly judge: (findings: readonly Finding[]) => { readonly score: number; readonly isRefused: boolean }
  readonly close: () => void | Promise<void>
}

/** What an evaluation or a replay wants of the engine it gets. */
export type ReplayEngineOptions = {
  readonly config: Config
  /** Layers that run. Without `behaviour` no client is followed, slowed by a rate or held. */
  readonly layers: readonly Layer[]
  /** Components that are switched off to see what they add: a layer, or a part of one such as `frozen-scorer`. */
  readonly without: readonly string[]
  readonly seed: number
}

/** One engine per group of records. */
export type ReplayEngineFactory = (groupId: string) => ReplayEngine | Promise<ReplayEngine>
