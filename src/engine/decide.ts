import type { Finding } from '../core/finding.ts'
import type { Mode, Refusal, Verdict } from '../core/verdict.ts'
import { type FusedScore, fuse } from './fuse.ts'

/** From which scores on a request is refused. */
export type Thresholds = {
  /** One layer of certain knowledge: rules and memory. */
  readonly certain: number
  /** The learned layer alone. */
  readonly adaptive: number
  /** All layers together, when at least two of them speak up. */
  readonly together: number
}

/** A layer speaks up from this score on. */
const speaksUp = 0.5

/** Everything that bears on one request. */
export type Evidence = {
  readonly findings: readonly Finding[]
  /** What the client's hold, its pace or a failed layer asks for, whatever the request holds; `null` for nothing. */
  readonly standing: Refusal | null
  readonly mode: Mode
  readonly referenceId: string
}

/** The only maker of verdicts. Pure: the same evidence gives the same verdict. */
export function decide(evidence: Evidence, thresholds: Thresholds): Verdict {
  const { findings, mode, referenceId } = evidence
  if (findings.length === 0 && evidence.standing === null)
    return { kind: 'allow', findings, score: 0, referenceId, mode }
  const score = fuse(findings)
  const refusal = evidence.standing ?? refusalOf(score, thresholds)
  const base = { findings, score: score.total, referenceId, mode }
  if (refusal === null) return { kind: 'allow', ...base }
  return mode === 'enforce' ? { ...refusal, ...base } : { kind: 'allow', ...base, would: refusal }
}

/** What the scores alone call for. */
export function refusalOf(score: FusedScore, thresholds: Thresholds): Refusal | null {
  const { innate, memory, adaptive, behaviour } = score.byLayer
  if (innate >= thresholds.certain) return deny('attack')
  if (memory >= thresholds.certain) return deny('remembered')
  if (adaptive >= thresholds.adaptive) return deny('anomaly')
  const speaking = [innate, memory, adaptive, behaviour].filter((value) => value >= speaksUp).length
  return speaking >= 2 && score.total >= thresholds.together ? deny('anomaly') : null
}

function deny(because: 'attack' | 'remembered' | 'anomaly'): Refusal {
  return { kind: 'deny', status: 403, because }
}
