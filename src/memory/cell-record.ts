import { z } from 'zod'
import { fieldLocations } from '../core/finding.ts'
import type { StateRecord } from '../storage/record.ts'
import { maxAnchors, minAnchors } from './anchors.ts'
import type { MemoryCell } from './memory.ts'

const bodySchema = z.object({
  family: z.string().min(1).max(120),
  anchors: z.array(z.int().min(0).max(0xffffffff)).min(minAnchors).max(maxAnchors),
  minAffinity: z.number().gt(0).max(1),
  location: z.enum(fieldLocations),
  origin: z.string().min(1).max(64),
  bornAtMs: z.int().nonnegative(),
  bornFrom: z.string().max(120),
  confirmedBy: z.array(z.string().max(64)).max(8),
  screenedAgainst: z.int().nonnegative(),
  hits: z.int().nonnegative(),
  phrases: z.array(z.int().min(0).max(0xffffffff)).max(maxAnchors).default([]),
  phraseAffinity: z.number().gt(0).max(1).default(1),
  parent: z.string().max(64).nullable().default(null),
  generation: z.int().min(0).max(16).default(0),
  falsePositives: z.int().nonnegative().default(0),
})

/** A person's word that a cell was wrong: stands in the place of the cell and keeps it from being born again. */
const forgottenSchema = z.strictObject({ forgottenBy: z.string().max(128) })

export type CellBody = z.output<typeof bodySchema>

/** A record of kind `cell` in one of its two forms; `undefined` when it has neither. */
export type CellContent = { readonly kind: 'cell'; readonly cell: MemoryCell } | { readonly kind: 'forgotten' }

/** Reads what any node may have written. Never throws. */
export function parseCell(record: StateRecord): CellContent | undefined {
  if (forgottenSchema.safeParse(record.body).success) return { kind: 'forgotten' }
  const parsed = bodySchema.safeParse(record.body)
  if (!parsed.success || !isWhole(parsed.data)) return undefined
  return { kind: 'cell', cell: { id: record.subject, ...parsed.data, expiresAtMs: record.expiresAtMs } }
}

/** Each mark once. */
function isWhole({ anchors, phrases }: CellBody): boolean {
  return new Set(anchors).size === anchors.length && new Set(phrases).size === phrases.length
}

/** The body of a cell's record, cut to what readers accept. */
export function cellBody(cell: Omit<MemoryCell, 'id' | 'expiresAtMs'>): CellBody {
  return {
    family: cell.family.slice(0, 120) || 'unnamed',
    anchors: [...cell.anchors],
    minAffinity: cell.minAffinity,
    location: cell.location,
    origin: cell.origin,
    bornAtMs: cell.bornAtMs,
    bornFrom: cell.bornFrom.slice(0, 120),
    confirmedBy: cell.confirmedBy.slice(0, 8).map((kind) => kind.slice(0, 64)),
    screenedAgainst: cell.screenedAgainst,
    hits: cell.hits,
    phrases: [...cell.phrases],
    phraseAffinity: cell.phraseAffinity,
    parent: cell.parent,
    generation: cell.generation,
    falsePositives: cell.falsePositives,
  }
}

export function forgottenBody(by: string): z.output<typeof forgottenSchema> {
  return { forgottenBy: by.slice(0, 128) }
}
