import { minAnchors, minPhrases } from './anchors.ts'
import type { MemoryCell, SelfGrams } from './memory.ts'
import { createRecallIndex, type Recall, type Shape } from './recall-index.ts'

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
      const shapes = actingShapes(cell, self)
      const isActive = shapes.length > 0
      const acting = shapes.reduce((sum, { anchors }) => sum + anchors.length, 0)
      if (!isActive) index.remove(cell.id)
      // Anchors only ever leave a cell of one id, so an equal number means an equal set while self only grows.
      else if (known?.isActive !== true || known.acting !== acting) index.add(cell.id, shapes)
      cells.set(cell.id, { cell, isActive, acting })
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

/**
 * The views of a cell that may act here, each without what is normal here. None once the text view lost too much: then
 * the attack itself is normal. The skeleton alone can fall silent, since other values of self may share it.
 */
function actingShapes(
  { anchors, minAffinity, phrases, phraseAffinity }: MemoryCell,
  self: SelfGrams,
): readonly Shape[] {
  const text = foreignOf(anchors, self)
  if (text.length < minAnchors || text.length < anchors.length * minForeignShare) return []
  const skeleton = foreignOf(phrases, self)
  const isTelling = skeleton.length >= minPhrases && skeleton.length >= phrases.length * minForeignShare
  const shape = { anchors: text, minAffinity }
  return isTelling ? [shape, { anchors: skeleton, minAffinity: phraseAffinity }] : [shape]
}

function foreignOf(marks: readonly number[], self: SelfGrams): readonly number[] {
  return marks.filter((mark) => !self.has(mark))
}
