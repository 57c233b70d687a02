import { forEachGram, hasSpecial } from './grams.ts'
import type { SelfGrams } from './memory.ts'
import { forEachPhrase } from './phrases.ts'

/** One view of an attack: marks of its text (`grams.ts`) or of its skeleton (`phrases.ts`), and how many of them recall it. */
export type Shape = { readonly anchors: readonly number[]; readonly minAffinity: number }

/** The cell that a value calls to mind best. */
export type Recall = { readonly cellId: string; readonly affinity: number }

/**
 * From anchors to cells. A value costs one look at its characters; one with special characters a bit test for each
 * gram; only an anchor that is present costs more.
 *
 *   gram -> bit set (2^18) -> Map -> [cells that hold it] -> counted -> affinity
 */
export type RecallIndex = {
  readonly add: (cellId: string, shapes: readonly Shape[]) => void
  readonly remove: (cellId: string) => void
  readonly recall: (value: string) => Recall | undefined
  readonly size: () => number
}

type Indexed = {
  readonly cellId: string
  readonly anchors: readonly number[]
  readonly minAffinity: number
  /** Round in which `found` was counted. */
  round: number
  found: number
}
type Posting = { round: number; readonly cells: Indexed[] }

const bitShift = 32 - 18
/** A text longer than this holds many grams by chance; it must show more of the cell. Padding an attack does not help it. */
const longChars = 1_024
const longAffinity = 0.85

export function createRecallIndex(self: SelfGrams): RecallIndex {
  const cells = new Map<string, readonly Indexed[]>()
  const postings = new Map<number, Posting>()
  const bits = new Uint32Array(1 << 13)
  const touched: Indexed[] = []
  let round = 0

  function note(hash: number): void {
    const place = hash >>> bitShift
    if (((bits[place >>> 5] as number) & (1 << (place & 31))) === 0) return
    const posting = postings.get(hash)
    if (posting === undefined || posting.round === round) return
    posting.round = round
    for (const cell of posting.cells) count(cell)
  }

  function count(cell: Indexed): void {
    if (cell.round !== round) {
      cell.round = round
      cell.found = 0
      touched.push(cell)
    }
    cell.found += 1
  }

  /** Counts again what is present, without what self has shown since the cell was last screened. */
  function foreignFound(cell: Indexed): number {
    let found = 0
    for (const anchor of cell.anchors) if (postings.get(anchor)?.round === round && !self.has(anchor)) found += 1
    return found
  }

  function best(isLong: boolean): Recall | undefined {
    let winner: Recall | undefined
    for (const cell of touched) {
      const needed = isLong ? Math.max(cell.minAffinity, longAffinity) : cell.minAffinity
      const size = cell.anchors.length
      if (cell.found / size < needed || cell.found / size <= (winner?.affinity ?? 0)) continue
      const affinity = foreignFound(cell) / size
      if (affinity >= needed && affinity > (winner?.affinity ?? 0)) winner = { cellId: cell.cellId, affinity }
    }
    touched.length = 0
    return winner
  }

  function remove(cellId: string): void {
    const shapes = cells.get(cellId)
    if (shapes === undefined) return
    cells.delete(cellId)
    for (const shape of shapes) for (const anchor of shape.anchors) unpost(postings, shape, anchor)
    if (cells.size === 0) bits.fill(0)
  }

  function post(shape: Indexed, anchor: number): void {
    const place = anchor >>> bitShift
    bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31))
    const posting = postings.get(anchor)
    if (posting === undefined) postings.set(anchor, { round: -1, cells: [shape] })
    else posting.cells.push(shape)
  }

  return {
    add: (cellId, shapes) => {
      remove(cellId)
      const indexed = shapes.map((shape): Indexed => ({ cellId, ...shape, round: -1, found: 0 }))
      cells.set(cellId, indexed)
      for (const shape of indexed) for (const anchor of shape.anchors) post(shape, anchor)
    },
    remove,
    recall: (value) => {
      if (cells.size === 0 || !hasSpecial(value)) return undefined
      round += 1
      forEachGram(value, note)
      // A value without a single mark of text has no skeleton that is worth reading: 0.1 points of recall, half the time.
      if (touched.length > 0) forEachPhrase(value, note)
      return touched.length === 0 ? undefined : best(value.length > longChars)
    },
    size: () => cells.size,
  }
}

function unpost(postings: Map<number, Posting>, shape: Indexed, anchor: number): void {
  const posting = postings.get(anchor)
  if (posting === undefined) return
  posting.cells.splice(posting.cells.indexOf(shape), 1)
  if (posting.cells.length === 0) postings.delete(anchor)
}
