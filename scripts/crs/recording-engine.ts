// An engine that allows everything and keeps what a SecLang program says of each request: what the real gateway needs to
// stand in front of the tests.
import type { Verdict } from '../../src/core/verdict.ts'
import type { Engine, Inspection } from '../../src/engine/engine.ts'
import type { Transaction } from '../../src/innate/seclang/run/transaction.ts'
import type { RequestView } from '../../src/request/request-view.ts'

export type RecordingEngine = Engine & {
  /** Transactions since the last call, oldest first; each has run phases 1 and 2. */
  readonly take: () => Transaction[]
}

/** Nobody asks for more at once; under load nobody asks at all. */
const maxKept = 64

/** Without a program it only allows. */
export function createRecordingEngine(begin: ((view: RequestView) => Transaction) | null): RecordingEngine {
  let transactions: Transaction[] = []
  return {
    take: () => {
      const taken = transactions
      transactions = []
      return taken
    },
    admit: () => null,
    inspect: (view) => {
      const transaction = begin?.(view)
      if (transaction === undefined) return allowed(view)
      transaction.requestHead()
      transaction.requestBody()
      if (transactions.length < maxKept) transactions.push(transaction)
      return allowed(view)
    },
    settle: () => undefined,
    answers: null,
    modeOf: () => ({ mode: 'monitor', from: 'mode' }),
    confirm: () => undefined,
  }
}

const verdict: Verdict = { kind: 'allow', findings: [], score: 0, referenceId: 'crs', mode: 'monitor' }

function allowed(view: RequestView): Inspection {
  return {
    verdict,
    request: null,
    clientId: `address:${view.remoteAddress}`,
    service: 'crs',
    method: view.method,
    route: '/',
    startedAtMs: view.receivedAtMs,
  }
}
