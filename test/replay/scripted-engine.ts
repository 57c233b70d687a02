import type { Finding, Layer } from '../../src/core/finding.ts'
import type { Refusal, Verdict } from '../../src/core/verdict.ts'
import type { Inspection } from '../../src/engine/engine.ts'
import type { ReplayEngine } from '../../src/replay/replay-engine.ts'
import type { RequestView } from '../../src/request/request-view.ts'

/** What happened to a scripted engine, in order. */
export type Log = {
  readonly taught: string[]
  readonly seen: RequestView[]
  readonly settled: number[]
  readonly acts: string[]
}

/**
 * An engine whose findings stand in the target: `/x?innate=0.9&adaptive=0.4`. It refuses from 0.8 on, so that figures
 * can be worked out by hand. It stands for the seam that the replay room is given, not for the real engine.
 */
export function createScriptedEngine(options: { isMonitor?: boolean } = {}): { engine: ReplayEngine; log: Log } {
  const log: Log = { taught: [], seen: [], settled: [], acts: [] }
  const judge = (findings: readonly Finding[]) => {
    const score = Math.max(0, ...findings.filter((finding) => finding.shadow !== true).map((finding) => finding.score))
    return { score, isRefused: score >= 0.8 }
  }
  const engine: ReplayEngine = {
    inspect: (view) => {
      log.seen.push(view)
      const findings = findingsOf(view)
      const { score, isRefused } = judge(findings)
      const because = new URLSearchParams(view.target.split('?')[1]).get('because') === 'held' ? 'held' : 'attack'
      const refusal = { kind: 'deny', status: 403, because } as const satisfies Refusal
      const base = { findings, score, referenceId: `ref-${log.seen.length}` }
      const verdict: Verdict =
        options.isMonitor === true
          ? { kind: 'allow', ...base, mode: 'monitor', ...(isRefused ? { would: refusal } : {}) }
          : isRefused
            ? { ...refusal, ...base, mode: 'enforce' }
            : { kind: 'allow', ...base, mode: 'enforce' }
      return inspectionOf(view, verdict)
    },
    settle: (_inspection, outcome) => void log.settled.push(outcome.status),
    learnVetted: (view) => log.taught.push(view.target) > 0,
    finishLearning: async () => void log.acts.push(`finish after ${log.taught.length}`),
    learn: () => void log.acts.push(`learn after ${log.settled.length}`),
    judge,
    close: () => void log.acts.push('close'),
  }
  return { engine, log }
}

function findingsOf(view: RequestView): readonly Finding[] {
  const query = new URLSearchParams(view.target.split('?')[1])
  return (['innate', 'memory', 'adaptive', 'behaviour'] as const satisfies readonly Layer[]).flatMap((layer) => {
    const score = query.get(layer)
    if (score === null) return []
    const field = { service: 's', method: view.method, route: '/x', location: 'query', name: layer } as const
    return [{ layer, source: `${layer}-1`, field, score: Number(score), reason: `Saw ${score}.` }]
  })
}

function inspectionOf(view: RequestView, verdict: Verdict): Inspection {
  return {
    verdict,
    request: null,
    clientId: view.remoteAddress,
    service: 's',
    method: view.method,
    route: '/x',
    startedAtMs: view.receivedAtMs,
  } as Inspection
}
