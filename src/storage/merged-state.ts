import { compareTimes } from './hybrid-clock.ts'
import type { RecordKind, StateRecord } from './record.ts'
import { compareEntries, defaultCaps, entryOf, hasEnded, isOutdated, type RecordCaps } from './record-order.ts'
import { createSlotTable, type Register } from './slot-table.ts'

/** `older`: what is held wins. `outdated`: ended too long ago to count. `crowded`: over the cap of its kind. */
export type MergeOutcome = 'applied' | 'equal' | 'older' | 'outdated' | 'crowded'
export type MergeResult = { readonly outcome: MergeOutcome; readonly evicted: StateRecord | undefined }

/**
 * What all records together say. A join semilattice: any order and any number of deliveries give the same state
 * (Shapiro et al. 2011, "Conflict-free replicated data types").
 *
 *   (kind, subject) -> { person: newest of a person, machine: newest of a machine }     one slot for each rank
 *
 *   in force:  the person's record while it lives, else the machine's if it is newer than the person's
 *
 * A record that expired or was revoked keeps its slot until `tombstoneMs` after its end: it goes on hiding what is older
 * than itself, so an old copy that turns up late changes nothing. It does not hide what is newer.
 */
export type MergedState = {
  readonly merge: (record: StateRecord, nowMs: number) => MergeResult
  /** The record in force for a subject. */
  readonly get: (kind: RecordKind, subject: string, nowMs: number) => StateRecord | undefined
  readonly list: (kind: RecordKind, nowMs: number) => StateRecord[]
  readonly byId: (id: string) => StateRecord | undefined
  readonly bySlot: (key: string) => StateRecord | undefined
  readonly isRevoked: (record: StateRecord) => boolean
  /** Every record held, dead ones included. */
  readonly records: () => StateRecord[]
  readonly size: () => number
  /** Drops what ended long ago; returns the keys of the slots that became free. */
  readonly sweep: (nowMs: number) => string[]
  /** Equal on two states exactly when they hold the same contents (a sum of 128-bit hashes). */
  readonly digest: () => string
}

export function createMergedState(caps: RecordCaps = defaultCaps): MergedState {
  const table = createSlotTable()

  function isRevoked(record: StateRecord): boolean {
    if (record.kind === 'revocation') return false
    const revocation = table.register('revocation', record.id)
    return revocation?.person !== undefined || (revocation?.machine !== undefined && record.rank === 'machine')
  }

  const isAlive = (record: StateRecord, nowMs: number): boolean => !hasEnded(record, nowMs) && !isRevoked(record)

  function inForce(register: Register | undefined, nowMs: number): StateRecord | undefined {
    const person = register?.person?.record
    if (person !== undefined && isAlive(person, nowMs)) return person
    const machine = register?.machine?.record
    if (machine === undefined || !isAlive(machine, nowMs)) return undefined
    return person !== undefined && compareTimes(person.clock, machine.clock) > 0 ? undefined : machine
  }

  function merge(record: StateRecord, nowMs: number): MergeResult {
    if (isOutdated(record, nowMs)) return { outcome: 'outdated', evicted: undefined }
    const entry = entryOf(record)
    const held = table.at(entry.key)
    if (held !== undefined) {
      const difference = compareEntries(entry, held)
      if (difference <= 0) return { outcome: difference === 0 ? 'equal' : 'older', evicted: undefined }
      table.drop(held)
    }
    table.put(entry)
    if (table.count(record.kind) <= caps[record.kind]) return { outcome: 'applied', evicted: undefined }
    const least = table.least(record.kind)
    if (least !== undefined) table.drop(least)
    return least === entry ? { outcome: 'crowded', evicted: undefined } : { outcome: 'applied', evicted: least?.record }
  }

  return {
    merge,
    get: (kind, subject, nowMs) => inForce(table.register(kind, subject), nowMs),
    list: (kind, nowMs) => {
      const found: StateRecord[] = []
      for (const register of table.registers(kind)) {
        const record = inForce(register, nowMs)
        if (record !== undefined) found.push(record)
      }
      return found
    },
    byId: (id) => table.byId(id)?.record,
    bySlot: (key) => table.at(key)?.record,
    isRevoked,
    records: () => Array.from(table.entries(), (entry) => entry.record),
    size: table.size,
    sweep: (nowMs) => {
      const leaving = Array.from(table.entries()).filter((entry) => isOutdated(entry.record, nowMs))
      for (const entry of leaving) table.drop(entry)
      return leaving.map((entry) => entry.key)
    },
    digest: table.digest,
  }
}
