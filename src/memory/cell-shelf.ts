import { minAnchors } from './anchors.ts'
import type { MemoryCell, SelfGrams } from './memory.ts'
import { createRecallIndex, type Recall } from './recall-index.ts'

/** A cell at this node: what the log says of it, and which of its anchors may act here. */
export type ShelvedCell = {
  readonly cell: MemoryCell
  /** False while too much of it is normal here. */
  readonly isActive: boolean
}

/** The cells of this node. A cell acts by those of its anchors that are foreign to the self of this node. */
export type CellShelf = {
  /** Takes a cell in, screened; tells how it stands now and whether it was known. */
  readonly put: (cell: MemoryCell) => { readonly isNew: boolean; readonly isActive: boolean }
  readonly remove: (cellId: string) => MemoryCell | undefined
  readonly get: (cellId: string) => ShelvedCell | undefined
  readonly recall: (value: string) => Recall | undefined
  readonly all: () => IterableIterator<ShelvedCell>
  readonly size: () => number
}

/** A cell that lost more than this share of its anchors to self is no longer about the attack. */
const minForeignShare = 0.5

export function createCellShelf(self: SelfGrams): CellShelf {
  const cells = new Map<string, ShelvedCell & { readonly acting: number }>()
  const index = createRecallIndex(self)

  return {
    put: (cell) => {
      const known = cells.get(cell.id)
      const acting = cell.anchors.filter((anchor) => !self.has(anchor))
      const isActive = acting.length >= minAnchors && acting.length >= cell.anchors.length * minForeignShare
      if (!isActive) index.remove(cell.id)
      // Anchors only ever leave a cell of one id, so an equal number means an equal set while self only grows.
      else if (known?.isActive !== true || known.acting !== acting.length) index.add(cell.id, acting, cell.minAffinity)
      cells.set(cell.id, { cell, isActive, acting: acting.length })
      return { isNew: known === undefined, isActive }
    },
    remove: (cellId) => {
      const known = cells.get(cellId)
      cells.delete(cellId)
      index.remove(cellId)
      return known?.cell
    },
    get: (cellId) => cells.get(cellId),
    recall: index.recall,
    all: () => cells.values(),
    size: () => cells.size,
  }
}
