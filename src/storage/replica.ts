import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { createMergedState, type MergedState, type MergeOutcome } from './merged-state.ts'
import type { StateRecord } from './record.ts'
import type { RecordChange } from './record-log.ts'
import { defaultCaps, type RecordCaps, slotKey } from './record-order.ts'
import { recordText } from './record-text.ts'

/** The merged state with those who watch it and the journal behind it. */
export type Replica = {
  readonly state: MergedState
  readonly take: (record: StateRecord, from: RecordSource) => MergeOutcome
  /** Lets go of what ended long ago. */
  readonly sweep: () => void
  readonly sweepWhenDue: () => void
  readonly subscribe: (listener: (change: RecordChange) => void) => () => void
  /** Records that left because their kind was full. */
  readonly evicted: () => number
}

/** `disk`: read back at the start, so it need not be written again. */
export type RecordSource = 'here' | 'peer' | 'disk'

export type ReplicaOptions = {
  readonly clock: Clock
  readonly caps: Partial<RecordCaps> | undefined
  readonly keep: (key: string, text: string) => void
  readonly erase: (key: string) => void
  readonly onFault: (message: string) => void
}

const sweepMs = 60_000

export function createReplica({ clock, caps, keep, erase, onFault }: ReplicaOptions): Replica {
  const state = createMergedState({ ...defaultCaps, ...caps })
  const listeners = new Set<(change: RecordChange) => void>()
  let evicted = 0
  let sweptAtMs = clock.now()

  function tell(change: RecordChange): void {
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (thrown) {
        onFault(`a listener failed on record ${change.record.id}: ${messageOf(thrown)}`)
      }
    }
  }

  function sweep(): void {
    sweptAtMs = clock.now()
    for (const key of state.sweep(sweptAtMs)) erase(key)
  }

  return {
    state,
    take: (record, from) => {
      const finish = watch(state, record, clock.now())
      const { outcome, evicted: least } = state.merge(record, clock.now())
      if (least !== undefined) erase(slotKey(least))
      if (least !== undefined || outcome === 'crowded') evicted += 1
      if (outcome !== 'applied') return outcome
      if (from !== 'disk') keep(slotKey(record), recordText(record))
      const isLocal = from === 'here'
      for (const change of finish()) tell({ ...change, isLocal })
      if (least !== undefined) tell({ kind: 'withdrawn', record: least, isLocal })
      return outcome
    },
    sweep,
    sweepWhenDue: () => {
      if (clock.now() - sweptAtMs >= sweepMs) sweep()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    evicted: () => evicted,
  }
}

type Change = Pick<RecordChange, 'kind' | 'record'>

/** Remembers what is in force where the record will act; the returned function tells what the merge changed. */
function watch(state: MergedState, record: StateRecord, nowMs: number): () => Change[] {
  const place = record.kind === 'revocation' ? state.byId(record.subject) : record
  const inForce = (): StateRecord | undefined =>
    place === undefined ? undefined : state.get(place.kind, place.subject, nowMs)
  const before = inForce()
  return () => {
    const now = inForce()
    const changes: Change[] = record.kind === 'revocation' ? [{ kind: 'applied', record }] : []
    if (now === before) return changes
    if (now !== undefined) changes.push({ kind: 'applied', record: now })
    else if (before !== undefined) changes.push({ kind: 'withdrawn', record: before })
    return changes
  }
}
