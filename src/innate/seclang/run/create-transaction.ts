import type { LimitAction, PhaseNumber, ProgramSettings } from '../program.ts'
import type { Interruption, Transaction } from './transaction.ts'
import type { TransactionState } from './transaction-state.ts'

export type RunPhase = (state: TransactionState, phase: PhaseNumber) => void

/** What the outside may do with a transaction: go through its phases, each once, and look. */
export function createTransaction(state: TransactionState, runPhase: RunPhase, settings: ProgramSettings): Transaction {
  const { variables, views } = state
  let done = 0
  /** Phases run in order and once; what an earlier one stopped stays stopped. */
  const enter = (phase: PhaseNumber, prepare: () => void): Interruption | null => {
    if (done >= phase) return state.interruption
    done = phase
    if (state.interruption !== null && phase !== 5) return state.interruption
    guard(state, () => {
      prepare()
      if (state.interruption === null || phase === 5) runPhase(state, phase)
    })
    return state.interruption
  }
  const readRequestBody = (): Interruption | null =>
    enter(2, () => {
      if (state.engine === 'off' || !state.hasRequestBody) return
      refuseBody(state, state.view.body, {
        limit: settings.requestBodyLimit,
        action: settings.requestBodyLimitAction,
        phase: 2,
      })
      variables.readBody({ processor: state.processor, isForced: state.isBodyForced })
      views.renew()
    })
  return {
    matches: state.matches,
    faults: state.faults,
    interruption: () => state.interruption,
    isOverWork: () => state.work.spent > state.work.limit,
    work: () => state.work.spent,
    variable: (name) => state.tx.get(name.toLowerCase()) ?? null,
    requestHead: () => enter(1, () => {}),
    requestBody: () => {
      const interruption = readRequestBody()
      // What lies behind the largest number of arguments was not read, so that no rule could object to it.
      if (interruption !== null || state.engine !== 'on' || !variables.isCutShort()) return interruption
      state.interruption = refusedUnread(2)
      return state.interruption
    },
    responseHead: (status, rawHeaders, protocol = 'HTTP/1.1') =>
      enter(3, () => {
        variables.setResponseHead(status, rawHeaders, protocol)
        views.renew()
      }),
    responseBody: (body) =>
      enter(4, () => {
        if (state.engine === 'off' || !state.hasResponseBody) return
        refuseBody(state, body, {
          limit: settings.responseBodyLimit,
          action: settings.responseBodyLimitAction,
          phase: 4,
        })
        variables.setResponseBody(body)
        views.renew()
      }),
    log: () => {
      enter(5, () => {})
    },
  }
}

/** A phase that breaks down is told of and leaves the transaction usable. */
function guard(state: TransactionState, run: () => void): void {
  try {
    run()
  } catch (cause) {
    state.faults.push({ rule: state.rule, reason: cause instanceof Error ? cause.message : String(cause) })
  }
}

const refusedUnread = (phase: PhaseNumber): Interruption => ({ kind: 'deny', status: 403, ruleId: '', phase })

type BodyLimit = { readonly limit: number; readonly action: LimitAction; readonly phase: PhaseNumber }

/** `SecRequestBodyLimitAction Reject` and its like for answers: a larger body is refused unread. */
function refuseBody(state: TransactionState, body: Uint8Array | null, { limit, action, phase }: BodyLimit): void {
  if (body === null || body.length <= limit || limit <= 0 || action !== 'reject' || state.engine !== 'on') return
  state.interruption = refusedUnread(phase)
}
