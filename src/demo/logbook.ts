import { BoundedMap } from '../core/bounded-map.ts'
import type { ThymusEvent } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'

/** What the gateway said about one refused request. */
export type Explanation = { readonly clientId: string; readonly findings: readonly Finding[] }

export type HoldNote = { readonly clientId: string; readonly rung: string; readonly reason: string }

/** Follows the gateway's events and answers the demo's questions about them. */
export type Logbook = {
  readonly note: (event: ThymusEvent) => void
  /** Why a request was refused; `undefined` until the event has come. */
  readonly explain: (referenceId: string) => Explanation | undefined
  /** The last hold of a client that keeps it from doing as it likes. */
  readonly holdOf: (clientId: string) => HoldNote | undefined
  readonly bornCells: () => readonly { readonly cellId: string; readonly reason: string }[]
}

const maxExplanations = 2_000
const maxHolds = 1_000
const maxCells = 2_000
/** Rungs that only watch are no holds. */
const harmlessRungs = ['free', 'watched']

export function createLogbook(): Logbook {
  const explanations = new BoundedMap<string, Explanation>(maxExplanations)
  const holds = new BoundedMap<string, HoldNote>(maxHolds)
  const cells = new BoundedMap<string, string>(maxCells)
  return {
    note: (event) => {
      if (event.kind === 'exchange' && event.exchange.verdict.kind !== 'allow') {
        const { clientId, verdict } = event.exchange
        explanations.set(verdict.referenceId, { clientId, findings: verdict.findings })
      }
      if (event.kind === 'hold' && !harmlessRungs.includes(event.rung)) holds.set(event.clientId, event)
      if (event.kind === 'cell' && event.change === 'born') cells.set(event.cellId, event.reason)
    },
    explain: (referenceId) => explanations.peek(referenceId),
    holdOf: (clientId) => holds.peek(clientId),
    bornCells: () => [...cells.entries()].map(([cellId, reason]) => ({ cellId, reason })),
  }
}
