import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { OpenRecordLog } from './create-record-log.ts'
import { createDivergenceWatch } from './divergence.ts'
import { reconcile } from './reconcile.ts'
import type { SharedStore, StoredRecord } from './record-store.ts'
import { recordText } from './record-text.ts'
import { createWorkLoop } from './work-loop.ts'

/** Keeps one node's log and the shared store the same. All of it happens behind the requests. */
export type Fleet = {
  /** Hands over what is on disk here. Others hear of it at once, or when the line is back. */
  readonly publish: (records: readonly StoredRecord[], erased: readonly string[]) => void
  /** Resolves after the first comparison, when the line turns out to be down, or after the time given. */
  readonly start: (waitMs: number) => Promise<void>
  readonly close: () => Promise<void>
}

export type FleetOptions = {
  readonly shared: SharedStore
  readonly log: OpenRecordLog
  readonly emit: EventListener
  /** How often the stream is read without a hint. */
  readonly pollMs?: number
  /** How often digests are compared. */
  readonly checkMs?: number
}

type Line = FleetOptions & {
  readonly wants: { reconcile: boolean; tail: boolean; check: boolean }
  readonly outbox: Map<string, string>
  readonly erasures: Set<string>
  readonly watch: ReturnType<typeof createDivergenceWatch>
  isUp: boolean
}

const batchSize = 250
/** Beyond it, comparing everything is cheaper than sending one by one. */
const maxOutbox = 10_000
const restMs = 500
/** Longest time that the end waits for Redis to take the last records; it has them from the disk at the next start. */
const lastWordMs = 1_000

export function createFleet(options: FleetOptions): Fleet {
  const line: Line = {
    ...options,
    wants: { reconcile: true, tail: false, check: false },
    outbox: new Map(),
    erasures: new Set(),
    watch: createDivergenceWatch(),
    isUp: false,
  }
  let settle: () => void = () => undefined
  const settled = new Promise<void>((resolve) => {
    settle = resolve
  })
  const loop = createWorkLoop({
    restMs,
    hasWork: () => line.isUp && hasWork(line),
    step: async () => {
      if (await step(line)) settle()
    },
    onFault: (thrown) => {
      // Whatever was lost, comparing everything finds it.
      line.wants.reconcile = true
      if (line.isUp) reportFault(options.emit, thrown)
    },
  })
  const timers = [
    every(options.pollMs ?? 1_000, () => want(line, 'tail', loop.wake)),
    every(options.checkMs ?? 10_000, () => want(line, 'check', loop.wake)),
  ]
  options.shared.onHint(() => want(line, 'tail', loop.wake))
  options.shared.onLine((isUp, detail) => {
    line.isUp = isUp
    line.wants.reconcile = true
    options.emit({ kind: 'store', state: isUp ? 'connected' : 'disconnected', detail })
    if (isUp) loop.wake()
    else settle()
  })

  return {
    publish: (records, erased) => {
      enqueue(line, records, erased)
      loop.wake()
    },
    start: async (waitMs) => {
      const timer = setTimeout(settle, waitMs)
      await settled
      clearTimeout(timer)
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      settle()
      if (line.isUp)
        await Promise.race([drain(line).catch(() => undefined), delay(lastWordMs, undefined, { ref: false })])
      line.isUp = false
      const stopped = loop.stop()
      await options.shared.close()
      await stopped
    },
  }
}

function every(ms: number, act: () => void): NodeJS.Timeout {
  return setInterval(act, ms).unref()
}

function want(line: Line, what: 'tail' | 'check', wake: () => void): void {
  line.wants[what] = true
  wake()
}

function hasWork({ wants, outbox, erasures }: Line): boolean {
  return wants.reconcile || wants.tail || wants.check || outbox.size > 0 || erasures.size > 0
}

function reportFault(emit: EventListener, thrown: unknown): void {
  emit({
    kind: 'fault',
    layer: 'store',
    message: `Sharing through Redis failed, it goes on locally: ${messageOf(thrown)}`,
  })
}

/** Only what this node wrote: what it received is out there already, and a comparison spreads the rest. */
function enqueue(line: Line, records: readonly StoredRecord[], erased: readonly string[]): void {
  if (line.outbox.size + records.length > maxOutbox) {
    line.outbox.clear()
    line.wants.reconcile = true
  }
  for (const { key, text } of records) {
    line.erasures.delete(key)
    if (line.log.at(key)?.origin === line.log.nodeId) line.outbox.set(key, text)
  }
  for (const key of erased) {
    line.outbox.delete(key)
    line.erasures.add(key)
  }
}

/** Does one thing, the most urgent first; tells whether everything was compared. */
async function step(line: Line): Promise<boolean> {
  if (line.wants.reconcile) {
    line.wants.reconcile = false
    line.watch.noteReconciled(await reconcile(line.shared, line.log))
    return true
  }
  if (line.outbox.size > 0 || line.erasures.size > 0) await send(line)
  else await look(line)
  return false
}

async function drain(line: Line): Promise<void> {
  while (line.outbox.size > 0 || line.erasures.size > 0) await send(line)
}

/** What was sent leaves the line only afterwards, and only if nothing newer took its place meanwhile. */
async function send({ shared, outbox, erasures }: Line): Promise<void> {
  const records: StoredRecord[] = []
  for (const [key, text] of outbox) if (records.push({ key, text }) >= batchSize) break
  const erased = [...erasures]
  await shared.write(records)
  await shared.erase(erased)
  for (const { key, text } of records) if (outbox.get(key) === text) outbox.delete(key)
  for (const key of erased) erasures.delete(key)
}

/** Takes what others wrote; when due, compares digests. */
async function look(line: Line): Promise<void> {
  const { shared, log, wants, watch } = line
  wants.tail = false
  const { texts, count } = await shared.tail()
  for (const text of texts) if (log.receive(text) === 'older') restate(line, text)
  // Somebody emptied Redis.
  if (count === 0 && log.size() > 0) wants.reconcile = true
  if (!wants.check) return
  wants.check = false
  const digest = log.digest()
  const others = [...(await shared.exchange(digest)).values()]
  if (watch.isLasting({ digest, others, count, size: log.size() })) wants.reconcile = true
}

/** A record that lost here may have overwritten the winner in the shared store; the winner's node writes it again. */
function restate({ log, outbox }: Line, text: string): void {
  const loser = JSON.parse(text) as { readonly kind: string; readonly rank: string; readonly subject: string }
  const key = `${loser.kind}:${loser.rank}:${loser.subject}`
  const winner = log.at(key)
  if (winner?.origin === log.nodeId) outbox.set(key, recordText(winner))
}
