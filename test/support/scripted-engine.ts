import type { Verdict } from '../../src/core/verdict.ts'
import type { Engine, Inspection, Outcome } from '../../src/engine/engine.ts'
import type { RequestView } from '../../src/request/request-view.ts'

/** An engine whose verdicts are written into the request, for tests of what surrounds the engine. */
export type ScriptedEngine = Engine & {
  /** Views as they were inspected, oldest first; a view is copied when it arrives. */
  readonly inspected: RequestView[]
  readonly settled: { readonly inspection: Inspection; readonly outcome: Outcome }[]
}

/**
 * Target or body holds `deny-me`: denied; `slow-me`: slowed; `fault-me`: throws. Target holds `held-me`: refused at
 * the head; `fault-head`: throws there.
 */
export function createScriptedEngine(): ScriptedEngine {
  const inspected: RequestView[] = []
  const settled: { inspection: Inspection; outcome: Outcome }[] = []
  let count = 0
  const inspectionOf = (view: RequestView, verdict: Verdict): Inspection => ({
    verdict,
    request: null,
    clientId: `address:${view.remoteAddress}`,
    service: 'test',
    method: view.method,
    route: '/',
    startedAtMs: view.receivedAtMs,
  })
  const base = () => {
    count += 1
    return { findings: [], score: 1, referenceId: `ref-${count}`, mode: 'enforce' as const }
  }
  return {
    inspected,
    settled,
    admit: (view) => {
      if (view.target.includes('fault-head')) throw new Error('scripted fault at the head')
      if (!view.target.includes('held-me')) return null
      return inspectionOf(view, { kind: 'deny', status: 403, because: 'held', ...base() })
    },
    inspect: (view) => {
      inspected.push({ ...view, rawHeaders: [...view.rawHeaders] })
      const text = `${view.target}\n${view.body === null ? '' : Buffer.from(view.body).toString('latin1')}`
      if (text.includes('fault-me')) throw new Error('scripted fault')
      if (text.includes('deny-me')) {
        return inspectionOf(view, { kind: 'deny', status: 403, because: 'attack', ...base() })
      }
      if (text.includes('slow-me')) {
        return inspectionOf(view, { kind: 'slow', status: 429, retryAfterMs: 1_500, ...base() })
      }
      return inspectionOf(view, { kind: 'allow', ...base(), score: 0 })
    },
    settle: (inspection, outcome) => {
      settled.push({ inspection, outcome })
    },
    answers: null,
    modeOf: () => ({ mode: 'enforce', from: 'mode' }),
    confirm: () => undefined,
  }
}
