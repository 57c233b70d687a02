import { utilityOf } from './cell-life.ts'
import type { MemoryCell } from './memory.ts'

/** A cell as people see it: how many marks instead of the marks, its radius, and what it is worth at a time. */
export type CellSummary = Omit<MemoryCell, 'anchors' | 'phrases'> & {
  readonly anchors: number
  readonly phrases: number
  readonly radius: number
  readonly utility: number
}

export function cellSummary(cell: MemoryCell, nowMs: number): CellSummary {
  const { anchors, phrases, minAffinity } = cell
  const radius = Math.round((1 - minAffinity) * 1_000) / 1_000
  const utility = Math.round(utilityOf(cell, nowMs) * 1_000) / 1_000
  return { ...cell, anchors: anchors.length, phrases: phrases.length, radius, utility }
}
