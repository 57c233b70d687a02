import { createMinHeap } from './min-heap.ts'
import { type RecordKind, recordKinds } from './record.ts'
import { compareEntries, type Entry } from './record-order.ts'

/** One slot for each rank. */
export type Register = { person: Entry | undefined; machine: Entry | undefined }

/** The entries of the merged state with their indexes and their digest; knows nothing of time or revocation. */
export type SlotTable = {
  readonly put: (entry: Entry) => void
  readonly drop: (entry: Entry) => void
  readonly at: (key: string) => Entry | undefined
  readonly byId: (id: string) => Entry | undefined
  readonly register: (kind: RecordKind, subject: string) => Register | undefined
  readonly registers: (kind: RecordKind) => Iterable<Register>
  readonly entries: () => Iterable<Entry>
  readonly count: (kind: RecordKind) => number
  readonly size: () => number
  /** Takes the least entry of a kind off the order; it stays in the table until it is dropped. */
  readonly least: (kind: RecordKind) => Entry | undefined
  readonly digest: () => string
}

type Shelf = { readonly registers: Map<string, Register>; count: number }

const digestMask = (1n << 128n) - 1n

export function createSlotTable(): SlotTable {
  const slots = new Map<string, Entry>()
  const ids = new Map<string, Entry>()
  const makeShelf = (): Shelf => ({ registers: new Map(), count: 0 })
  const shelves = Object.fromEntries(recordKinds.map((kind) => [kind, makeShelf()])) as Record<RecordKind, Shelf>
  const makeOrder = () => createMinHeap<Entry>(compareEntries, (entry) => slots.get(entry.key) === entry)
  const orders = Object.fromEntries(recordKinds.map((kind) => [kind, makeOrder()])) as Record<
    RecordKind,
    ReturnType<typeof makeOrder>
  >
  let digest = 0n

  return {
    put: (entry) => {
      const { kind, subject, rank, id } = entry.record
      const shelf = shelves[kind]
      const register = shelf.registers.get(subject) ?? { person: undefined, machine: undefined }
      register[rank] = entry
      shelf.registers.set(subject, register)
      shelf.count += 1
      slots.set(entry.key, entry)
      ids.set(id, entry)
      orders[kind].push(entry)
      digest = (digest + entry.weight) & digestMask
    },
    drop: (entry) => {
      const { kind, subject, rank, id } = entry.record
      const shelf = shelves[kind]
      const register = shelf.registers.get(subject)
      if (register !== undefined) {
        register[rank] = undefined
        if (isEmpty(register)) shelf.registers.delete(subject)
      }
      shelf.count -= 1
      slots.delete(entry.key)
      if (ids.get(id) === entry) ids.delete(id)
      digest = (digest - entry.weight) & digestMask
    },
    at: (key) => slots.get(key),
    byId: (id) => ids.get(id),
    register: (kind, subject) => shelves[kind].registers.get(subject),
    registers: (kind) => shelves[kind].registers.values(),
    entries: () => slots.values(),
    count: (kind) => shelves[kind].count,
    size: () => slots.size,
    least: (kind) => orders[kind].pop(),
    digest: () => digest.toString(16).padStart(32, '0'),
  }
}

function isEmpty(register: Register): boolean {
  return register.person === undefined && register.machine === undefined
}
