import type { Config } from '../config/schema.ts'
import type { ThymusEvent } from '../core/events.ts'
import type { Random } from '../core/random.ts'
import type { StateRecord } from '../storage/record.ts'
import type { RecordLog } from '../storage/record-log.ts'
import { type Book, createBook, type Entry } from './book.ts'
import type { Exemption, Hold } from './hold.ts'
import { type Grounds, holdFrom, letGo } from './hold-form.ts'
import { draftHold, readExemption, readHold } from './hold-record.ts'
import { freeStanding, nextHold, type Standing, type StandingEvent } from './ladder.ts'

export type LedgerOptions = {
  readonly config: Config['quarantine']
  readonly records: RecordLog
  readonly now: () => number
  readonly random: Random
  readonly emit: (event: ThymusEvent) => void
  readonly origin: string
}

/** Applies events to standings and keeps maps, records and observers in step. The only writer of all three. */
export type Ledger = {
  readonly book: Book
  readonly exemptions: Map<string, Exemption>
  readonly apply: (clientId: string, event: StandingEvent, grounds?: Grounds) => Standing
  /** Ends what has run out. */
  readonly sweep: () => void
  /** Stops following the record log. */
  readonly close: () => void
}

type Parts = { readonly book: Book; readonly exemptions: Map<string, Exemption>; readonly options: LedgerOptions }
type Change = {
  readonly clientId: string
  readonly before: Standing
  readonly after: Standing
  readonly hold: Hold | undefined
  readonly event: StandingEvent
}

const minEntries = 1_000

export function createLedger(options: LedgerOptions): Ledger {
  const { config, now, records } = options
  const book = createBook(Math.max(minEntries, config.maxHeld))
  const exemptions = new Map<string, Exemption>()
  const parts: Parts = { book, exemptions, options }

  const apply = (clientId: string, event: StandingEvent, grounds?: Grounds): Standing => {
    const entry = book.entryOf(clientId)
    const before = entry.standing
    const after = nextHold(before, event, config)
    if (after === before) return after
    entry.standing = after
    spend(entry, before)
    const hold = holdFrom(clientId, after, { earlier: entry.hold, grounds, origin: options.origin })
    book.place(clientId, entry, hold)
    if (isNews(before, after)) share(options, { clientId, before, after, hold, event })
    return after
  }

  for (const record of records.list('exemption')) adopt(record, parts)
  for (const record of records.list('hold')) adopt(record, parts)
  const close = records.subscribe((change) => {
    if (change.isLocal) return
    if (change.kind === 'withdrawn') withdraw(change.record, parts)
    else adopt(change.record, parts)
  })

  const sweep = (): void => {
    const event = { kind: 'passed', atMs: now() } as const
    for (const [clientId, { hold }] of [...book.entries.entries(), ...book.held.entries()])
      if (hold !== undefined && hold.untilMs <= event.atMs) apply(clientId, event)
    for (const [clientId, { untilMs }] of exemptions)
      if (untilMs !== null && untilMs <= event.atMs) exemptions.delete(clientId)
  }

  return { book, exemptions, apply, sweep, close }
}

/** Evidence does not outlive the hold that it led to, nor a person's word against it. */
function spend(entry: Entry, before: Standing): void {
  const { standing } = entry
  const isLetGo = before.kind === 'held' && standing.kind !== 'held'
  if (isLetGo || standing.kind === 'pardoned' || standing.kind === 'exempt') entry.evidence = []
}

/** What other nodes and observers must know: everything about being held, not the counting of clean requests. */
function isNews(before: Standing, after: Standing): boolean {
  if (before.kind !== 'held' && after.kind !== 'held') return after.kind === 'pardoned'
  if (before.kind !== 'held' || after.kind !== 'held') return true
  return before.rung !== after.rung || before.untilMs !== after.untilMs || before.by !== after.by
}

function share(options: LedgerOptions, change: Change): void {
  const { config, records } = options
  const { clientId, before, after, hold, event } = change
  const hasRunOut = before.kind === 'held' && before.untilMs <= event.atMs
  tell(options, change, hasRunOut)
  // A hold that has run out is over on every node by itself.
  if (hasRunOut && after.kind !== 'held') return
  const shared = hold !== undefined && hold.rung !== 'watched' ? hold : letGo(clientId, change, options.origin)
  records.append(draftHold(shared, config.maxTtlMs))
}

function tell({ emit }: LedgerOptions, { clientId, before, after, hold, event }: Change, hasRunOut: boolean): void {
  if (after.kind === 'held' && event.kind === 'acquitted' && before.kind === 'held')
    emit({ kind: 'release', clientId, by: 'clean requests', reason: `Down to ${after.rung} after clean requests.` })
  else if (after.kind === 'held') {
    const { rung, untilMs } = after
    emit({ kind: 'hold', clientId, rung, reason: hold?.reasons.join(' ') ?? '', untilMs })
  } else if (hasRunOut) emit({ kind: 'release', clientId, by: 'time', reason: 'The hold has run out.' })
  else if (event.kind === 'acquitted')
    emit({ kind: 'release', clientId, by: 'clean requests', reason: 'Many clean requests in a row.' })
}

function adopt(record: StateRecord, parts: Parts): void {
  const isRead = record.kind === 'exemption' ? adoptExemption(record, parts) : adoptHold(record, parts)
  if (isRead) return
  const message = `The ${record.kind} record ${record.id} of node ${record.origin} does not have the expected form; it is ignored.`
  parts.options.emit({ kind: 'fault', layer: 'store', message })
}

function adoptExemption(record: StateRecord, { book, exemptions }: Parts): boolean {
  if (record.kind !== 'exemption') return true
  const exemption = readExemption(record)
  if (exemption === undefined) return false
  exemptions.set(exemption.clientId, exemption)
  const entry = book.entryOf(exemption.clientId)
  const before = entry.standing
  entry.standing = { kind: 'exempt', untilMs: exemption.untilMs }
  spend(entry, before)
  book.place(exemption.clientId, entry, undefined)
  return true
}

function adoptHold(record: StateRecord, { book, exemptions, options }: Parts): boolean {
  if (record.kind !== 'hold') return true
  const body = readHold(record)
  if (body === undefined) return false
  const { subject: clientId, origin } = record
  const nowMs = options.now()
  const isFull = !book.held.has(clientId) && book.held.size >= options.config.maxHeld
  if (exemptions.has(clientId)) return true
  const entry = book.entryOf(clientId)
  const before = entry.standing
  // Clocks and caps of other nodes are not ours: nothing that a peer says holds longer than our own longest hold.
  const untilMs = Math.min(body.untilMs, nowMs + options.config.maxTtlMs)
  const { basis, count, reasons, kinds, allowedRoutes, rung, sinceMs } = body
  const by = record.rank
  const isOver = untilMs <= nowMs
  if (rung !== 'free' && rung !== 'watched' && !isOver) {
    if (isFull) return true
    entry.standing = { kind: 'held', rung, basis, by, sinceMs, untilMs, count, clean: 0 }
  } else if (by === 'person' && !isOver) entry.standing = { kind: 'pardoned', untilMs }
  else entry.standing = { kind: 'free', sinceMs: Math.min(nowMs, untilMs), count, restUntilMs: 0 }
  spend(entry, before)
  const grounds = { reasons, kinds, allowedRoutes }
  book.place(clientId, entry, holdFrom(clientId, entry.standing, { earlier: undefined, grounds, origin }))
  return true
}

function withdraw({ kind, subject }: StateRecord, { book, exemptions, options }: Parts): void {
  if (kind !== 'hold' && kind !== 'exemption') return
  if (kind === 'exemption') exemptions.delete(subject)
  const entry = book.entryOf(subject)
  if (kind === 'exemption' ? entry.standing.kind !== 'exempt' : entry.standing.kind !== 'held') return
  const before = entry.standing
  entry.standing = freeStanding(options.now())
  spend(entry, before)
  book.place(subject, entry, undefined)
}
