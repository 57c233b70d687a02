import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import type { EventListener } from '../core/events.ts'
import type { RecordChange, RecordLog } from '../storage/record-log.ts'
import { cellIdOf, chooseAnchors, choosePhrases, minAnchors } from './anchors.ts'
import { cellBody, forgottenBody, parseCell } from './cell-record.ts'
import { type CellShelf, createCellShelf } from './cell-shelf.ts'
import type { ConfirmedAttack, Lineage, MemoryCell, SelfGrams } from './memory.ts'

export type CellLifeOptions = {
  readonly config: Config['memory']
  readonly records: RecordLog
  readonly selfGrams: SelfGrams
  readonly clock: Clock
  readonly emit: EventListener
  /** Node that cells born here are from. */
  readonly origin: string
}

/** The cells of a node and how they change: the record log is the truth, the shelf follows it. */
export type CellLife = CellLifeOptions & {
  readonly shelf: CellShelf
  /** Hits since the last write of each cell, so that a flood of recalls is one record a minute. */
  readonly pending: Map<string, { hits: number; writtenAtMs: number }>
}

const writeEveryMs = 60_000
/** Age at which the hits of a cell count for 1/e. */
const utilityMs = 30 * 86_400_000
/** Share of the phrases of a skeleton that recalls it. */
const phraseAffinity = 0.6
/** What a person's word against a cell costs it, in hits. */
const falsePositiveCost = 5
/** Below it, chance recalls. */
const leastAffinity = 0.1

export function hasExpired(cell: MemoryCell, nowMs: number): boolean {
  return cell.expiresAtMs !== null && cell.expiresAtMs <= nowMs
}

/** Takes in the cells that the log holds. */
export function createCellLife(options: CellLifeOptions): CellLife {
  const life: CellLife = { ...options, shelf: createCellShelf(options.selfGrams), pending: new Map() }
  for (const record of options.records.list('cell')) follow(life, { kind: 'applied', record, isLocal: true })
  makeRoom(life, { newest: '', isLocal: false })
  return life
}

/** Makes a cell of an attack, unless too little of it is foreign, it is there already, or a person forgot it. */
export function bear(life: CellLife, attack: ConfirmedAttack, lineage?: Lineage): MemoryCell | undefined {
  const { config, selfGrams, clock, origin } = life
  const minAffinity = Math.max(config.minAffinity, leastAffinity)
  const anchors = chooseAnchors(attack.value, selfGrams, minAffinity)
  const phrases = choosePhrases(attack.value, selfGrams)
  if (anchors.length < minAnchors) return undefined
  const id = cellIdOf([...anchors, ...phrases])
  const standing = life.records.get('cell', id)
  const content = standing && parseCell(standing)
  if (content?.kind === 'cell') renew(life, content.cell)
  if (content !== undefined) return undefined
  const nowMs = clock.now()
  const { family, location, confirmedBy, referenceId: bornFrom } = attack
  const birth = { origin, bornAtMs: nowMs, screenedAgainst: selfGrams.size(), hits: 0, falsePositives: 0 }
  const shape = { anchors, minAffinity, phrases, phraseAffinity, parent: null, generation: 0, ...lineage }
  const body = cellBody({ ...birth, family, location, confirmedBy, bornFrom, ...shape })
  const cell: MemoryCell = { id, ...body, expiresAtMs: nowMs + config.cellTtlMs }
  write(life, cell)
  tell(life, cell, 'born', `remembered by ${anchors.length} anchors and ${phrases.length} phrases, from ${bornFrom}`)
  makeRoom(life, { newest: id, isLocal: true })
  return cell
}

/** Counts a recall; the count and the longer life that it earns are written at most once a minute. */
export function hit(life: CellLife, cell: MemoryCell): void {
  const state = life.pending.get(cell.id) ?? { hits: 0, writtenAtMs: cell.bornAtMs }
  state.hits += 1
  life.pending.set(cell.id, state)
  if (life.clock.now() - state.writtenAtMs >= writeEveryMs) renew(life, cell)
}

/** Follows the log. */
export function follow(life: CellLife, change: RecordChange): void {
  const content = change.kind === 'applied' ? parseCell(change.record) : undefined
  if (content?.kind !== 'cell') {
    const gone = remove(life, change.record.subject)
    if (gone !== undefined && !change.isLocal) tell(life, gone, 'retired', 'withdrawn by a peer')
    return
  }
  const { cell } = content
  const { isNew, isActive } = life.shelf.put(cell)
  if (change.isLocal) return
  if (isNew && isActive) tell(life, cell, 'learned', `learned from ${cell.origin}`)
  makeRoom(life, { newest: cell.id, isLocal: false })
}

/** A person's word: withdraws the cell everywhere, and stands in its place for as long as it would have lived. */
export function forget(life: CellLife, cellId: string, by: string): boolean {
  const { records, clock, config } = life
  const record = records.get('cell', cellId)
  const content = record && parseCell(record)
  if (record === undefined || content?.kind !== 'cell') return false
  records.revoke(record.id, 'person')
  const expiresAtMs = clock.now() + config.cellTtlMs
  records.append({ kind: 'cell', subject: cellId, rank: 'person', expiresAtMs, body: forgottenBody(by) })
  tell(life, content.cell, 'retired', `forgotten by ${by}`)
  blameKin(life, content.cell)
  return true
}

/** What a person called wrong speaks against its parent and its clones, too: they go first when room is needed. */
function blameKin(life: CellLife, { id, parent }: MemoryCell): void {
  for (const { cell } of [...life.shelf.all()]) {
    if (cell.parent !== id && cell.id !== parent) continue
    const hits = cell.hits + (life.pending.get(cell.id)?.hits ?? 0)
    write(life, { ...cell, hits, falsePositives: cell.falsePositives + 1 })
  }
}

/**
 * Compares all cells with self as it is now. A cell that matches what is normal leaves the fleet when it was born here;
 * one of a peer only stops acting here, since self may differ there.
 */
export function screen(life: CellLife): number {
  let retired = 0
  for (const { cell, isActive } of [...life.shelf.all()]) {
    if (hasExpired(cell, life.clock.now())) {
      remove(life, cell.id)
      tell(life, cell, 'retired', 'not met again within its lifetime')
      retired += 1
      continue
    }
    if (life.shelf.put(cell).isActive || !isActive) continue
    retired += 1
    if (cell.origin === life.origin) withdraw(life, cell, 'much of it is normal here by now')
    else tell(life, cell, 'retired', 'much of it is normal here by now')
  }
  return retired
}

function tell(life: CellLife, cell: MemoryCell, change: 'born' | 'learned' | 'retired', what: string): void {
  life.emit({ kind: 'cell', cellId: cell.id, change, reason: `${cell.family}: ${what}.` })
}

function write(life: CellLife, cell: MemoryCell): void {
  life.pending.set(cell.id, { hits: 0, writtenAtMs: life.clock.now() })
  const { id: subject, expiresAtMs } = cell
  life.records.append({ kind: 'cell', subject, rank: 'machine', expiresAtMs, body: cellBody(cell) })
}

function renew(life: CellLife, cell: MemoryCell): void {
  const hits = cell.hits + (life.pending.get(cell.id)?.hits ?? 0)
  write(life, { ...cell, hits, expiresAtMs: life.clock.now() + life.config.cellTtlMs })
}

function remove(life: CellLife, cellId: string): MemoryCell | undefined {
  life.pending.delete(cellId)
  return life.shelf.remove(cellId)
}

function withdraw(life: CellLife, cell: MemoryCell, why: string): void {
  const record = life.records.get('cell', cell.id)
  remove(life, cell.id)
  if (record !== undefined) life.records.revoke(record.id, 'machine')
  tell(life, cell, 'retired', why)
}

/** After a birth the least useful cell leaves the fleet; what peers sent too many of is only set aside here. */
function makeRoom(life: CellLife, { newest, isLocal }: { newest: string; isLocal: boolean }): void {
  const { shelf, config, clock } = life
  while (shelf.size() > config.maxCells) {
    const least = leastUseful(shelf, newest, clock.now())
    if (least === undefined) return
    if (isLocal) withdraw(life, least, `the least useful of ${config.maxCells + 1} cells`)
    else remove(life, least.id)
  }
}

/** How much a cell has earned its place: (1 + hits) * e^(-age / 30 d) - 5 * false positives. */
export function utilityOf(cell: Pick<MemoryCell, 'hits' | 'bornAtMs' | 'falsePositives'>, nowMs: number): number {
  return (1 + cell.hits) * Math.exp((cell.bornAtMs - nowMs) / utilityMs) - falsePositiveCost * cell.falsePositives
}

/** The cell with the smallest utility. The newest is spared. */
function leastUseful(shelf: CellShelf, newest: string, nowMs: number): MemoryCell | undefined {
  let least: MemoryCell | undefined
  let leastUtility = Number.POSITIVE_INFINITY
  for (const { cell } of shelf.all()) {
    if (cell.id === newest) continue
    const utility = utilityOf(cell, nowMs)
    if (utility >= leastUtility) continue
    least = cell
    leastUtility = utility
  }
  return least
}
