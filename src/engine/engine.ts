import type { Mode, Verdict } from '../core/verdict.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { RequestView } from '../request/request-view.ts'

/** One request on its way through the engine: what was decided, and what learning needs afterwards. */
export type Inspection = {
  readonly verdict: Verdict
  /** `null` when the request was refused before it was read. */
  readonly request: CanonicalRequest | null
  readonly clientId: string
  readonly service: string
  readonly method: string
  /** Route template. */
  readonly route: string
  readonly startedAtMs: number
}

/** How a request ended. */
export type Outcome = {
  /** Status that the client got; 0 when it went away first. */
  readonly status: number
  readonly atMs: number
}

/** The head of an answer. */
export type AnswerHead = {
  readonly status: number
  /** Names and values in turn, latin-1, in wire order. */
  readonly rawHeaders: readonly string[]
}

/** Looks at answers before they are passed on, for rules that ask about them. */
export type Answers = {
  /** Judges a head. `body` says how much of the body is wanted before anything is passed on; `null`: none of it. */
  readonly inspectHead: (inspection: Inspection, head: AnswerHead) => AnswerLook
  /** Judges the body, decompressed, or its beginning. */
  readonly inspectBody: (inspection: Inspection, head: AnswerHead, body: Uint8Array) => Inspection
}

export type AnswerLook = { readonly inspection: Inspection; readonly body: AnswerBody | null }

export type AnswerBody = {
  readonly maxBytes: number
  /** What becomes of a larger one: judged by its beginning, or refused. */
  readonly whenLarger: 'partial' | 'refuse'
}

/** Runs the layers, decides, learns afterwards. No method waits for disk or network. */
export type Engine = {
  /**
   * Looks at the head of a request before its body is read (`view.body` is null): refuses held clients and empty token
   * buckets at once. `null` means: read the body and call `inspect`.
   */
  readonly admit: (view: RequestView) => Inspection | null
  readonly inspect: (view: RequestView) => Inspection
  /** Looks at answers before they are passed on; `null` when no rule asks about them. */
  readonly answers: Answers | null
  /** To be called exactly once per inspection when the response has ended. */
  readonly settle: (inspection: Inspection, outcome: Outcome) => void
  /** The effective mode of a route template, with the setting it comes from. */
  readonly modeOf: (method: string, route: string) => { readonly mode: Mode; readonly from: string }
  /** A person confirms that a recent verdict was an attack; returns the id of the memory cell, if one was made. */
  readonly confirm: (referenceId: string, by: string) => string | undefined
}
