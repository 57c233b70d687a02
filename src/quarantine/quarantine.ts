// Quarantine: holds doubtful clients on a ladder, with an end.
// It must not look at requests, and must not act on the word of one layer alone for longer than the shortest hold.
import type { Config } from '../config/schema.ts'
import { containsAddress, createBlockList } from '../core/address.ts'
import type { Client } from '../core/client.ts'
import type { Clock } from '../core/clock.ts'
import type { ThymusEvent } from '../core/events.ts'
import type { Finding } from '../core/finding.ts'
import type { Random } from '../core/random.ts'
import type { RecordLog } from '../storage/record-log.ts'
import type { Entry } from './book.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { addEvidence, assess, causesOf, countingEvidence, type Evidence, reasonsOf, rungOf } from './evidence.ts'
import type { Exemption, Hold } from './hold.ts'
import { draftExemption } from './hold-record.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { permitsRequest, slowIntervalMs } from './permit.ts'

export type { Exemption, Hold } from './hold.ts'
export { type Rung, rungs } from './ladder.ts'

/** Holding doubtful clients, with an end. */
export type Quarantine = {
  /** The hold in force for a client, `slowed` or higher; the watched are not held. Synchronous, local, one map read. */
  readonly lookup: (clientId: string) => Hold | undefined
  /**
   * Whether the hold lets this request through. Counts a request that it lets through against the pace of a slowed
   * client, so ask once per request. `route` is the template.
   */
  readonly permits: (hold: Hold, method: string, route: string) => boolean
  /** Milliseconds until a slowed client gets its next request through. */
  readonly retryAfterMs: (hold: Hold) => number
  /** Takes in acting findings against a client, of one request; may move it up. */
  readonly accuse: (client: Client, findings: readonly Finding[], activeClients: number) => Hold | undefined
  /** Takes in a clean request: early release after enough of them in a row. */
  readonly acquit: (clientId: string) => void
  /** Whether two kinds of evidence within their time now stand against the client. */
  readonly isCorroborated: (clientId: string) => boolean
  /** A person lets a client go. What was said of it is forgotten, and nothing holds it for the time of one first hold. */
  readonly release: (clientId: string, by: string, reason: string) => boolean
  /** A person makes a hold longer; from then on the machine leaves it alone. `undefined` when the client is not held. */
  readonly extend: (clientId: string, byMs: number, by: string) => Hold | undefined
  readonly exempt: (clientId: string, options: { by: string; reason: string; untilMs: number | null }) => Exemption
  /** Takes an exemption back; false when there is none. */
  readonly unexempt: (clientId: string, by: string) => boolean
  /** Everybody above `free`, the watched included; most recent first. */
  readonly holds: () => readonly Hold[]
  readonly exemptions: () => readonly Exemption[]
  /** Sources and fields that the circuit breaker has silenced. */
  readonly silenced: () => readonly string[]
  /** Clients that were forgotten because a cap was reached. */
  readonly dropped: () => number
  /** Ends what has run out and says so; to be called now and then, by a timer or a list. */
  readonly sweep: () => void
  /** Stops following the record log: for a quarantine that another one replaces. */
  readonly close: () => void
}

export type QuarantineOptions = {
  readonly config: Config['quarantine']
  readonly records: RecordLog
  readonly clock: Clock
  readonly random: Random
  readonly emit: (event: ThymusEvent) => void
  /** Id of this node. */
  readonly origin: string
  /** Routes that answered a client, as `GET /orders/{int}`; what a restricted client may still read. */
  readonly routesOf?: (clientId: string) => readonly string[]
}

type Parts = {
  readonly config: Config['quarantine']
  readonly ledger: Ledger
  readonly breaker: Breaker
  readonly now: () => number
  readonly options: QuarantineOptions
}

export function createQuarantine(options: QuarantineOptions): Quarantine {
  const { config, clock, random, emit, records, origin } = options
  const now = clock.now
  const neverHold = createBlockList(config.neverHold, 'quarantine.neverHold')
  const breaker = createBreaker({ config, now, emit })
  const ledger = createLedger({ config, records, now, random, emit, origin })
  const parts: Parts = { config, ledger, breaker, now, options }
  const { book } = ledger

  const lookup = (clientId: string): Hold | undefined => {
    const hold = book.held.get(clientId)?.hold
    if (hold === undefined || hold.untilMs > now()) return hold
    ledger.apply(clientId, { kind: 'passed', atMs: now() })
    return undefined
  }

  return {
    lookup,
    permits: (hold, method, route) => {
      if (hold.rung !== 'slowed') return permitsRequest(hold, method, route)
      const held = book.held.get(hold.clientId)
      if (held === undefined) return true
      if (now() - held.lastPassMs < slowIntervalMs) return false
      held.lastPassMs = now()
      return true
    },
    retryAfterMs: (hold) => {
      const lastPassMs = book.held.get(hold.clientId)?.lastPassMs ?? Number.NEGATIVE_INFINITY
      return Math.max(0, Math.min(slowIntervalMs, lastPassMs + slowIntervalMs - now()))
    },
    accuse: (client, findings, activeClients) => {
      if (!config.enabled || findings.length === 0) return lookup(client.id)
      if (containsAddress(neverHold, client.address)) return undefined
      return accuse(parts, client.id, { findings, activeClients })
    },
    acquit: (clientId) => {
      if (book.peek(clientId)?.hold !== undefined) ledger.apply(clientId, { kind: 'acquitted', atMs: now() })
    },
    isCorroborated: (clientId) => {
      const entry = book.peek(clientId)
      return entry !== undefined && assess(counting(parts, entry)).kinds.length >= 2
    },
    ...personActions(parts),
    holds: () => {
      ledger.sweep()
      const all = [...new Set([...book.held.values(), ...book.entries.values()])].flatMap(({ hold }) => hold ?? [])
      return all.sort((one, other) => other.sinceMs - one.sinceMs)
    },
    exemptions: () => {
      ledger.sweep()
      return [...ledger.exemptions.values()]
    },
    silenced: breaker.silenced,
    dropped: () => book.entries.dropped,
    sweep: ledger.sweep,
    close: ledger.close,
  }
}

function counting({ config, breaker, now }: Parts, entry: Entry): Evidence[] {
  const sinceMs = now() - config.evidenceTtlMs
  return countingEvidence(entry.evidence, { sinceMs, isSilenced: breaker.isSilenced })
}

function accuse(
  parts: Parts,
  clientId: string,
  { findings, activeClients }: { findings: readonly Finding[]; activeClients: number },
): Hold | undefined {
  const { ledger, breaker, now, options } = parts
  const atMs = now()
  const exemption = ledger.exemptions.get(clientId)
  if (exemption !== undefined && (exemption.untilMs === null || exemption.untilMs > atMs)) return undefined
  const standing = ledger.apply(clientId, { kind: 'passed', atMs })
  const entry = ledger.book.entryOf(clientId)
  const episode = entry.episode + 1
  if (addEvidence(entry.evidence, findings, { atMs, episode })) entry.episode = episode
  const evidence = counting(parts, entry)
  const { rung, basis } = rungOf(assess(evidence))
  if (rung === 'free') return entry.hold
  const isRise = rung !== 'watched' && standing.kind !== 'held' && standing.kind !== 'pardoned'
  if (isRise && hasWord(parts, clientId)) return entry.hold
  const admitted = isRise && !mayHold(parts, activeClients) ? 'watched' : rung
  const grounds = {
    reasons: reasonsOf(evidence),
    kinds: assess(evidence).kinds,
    allowedRoutes: allowedRoutes(options.routesOf?.(clientId) ?? [], evidence),
  }
  const jitter = options.random()
  const after = ledger.apply(clientId, { kind: 'accused', atMs, rung: admitted, basis, jitter }, grounds)
  if (after.kind === 'held' && standing.kind !== 'held') breaker.noteHold(clientId, causesOf(evidence), activeClients)
  return entry.hold
}

/** Whether a person's word on the client is in force, even if its entry here was pushed out by many others. */
function hasWord({ options }: Parts, clientId: string): boolean {
  return options.records.get('hold', clientId)?.rank === 'person'
}

/** Asked only about clients that are not held yet; one who is may rise without asking. */
function mayHold({ ledger, breaker, options }: Parts, active: number): boolean {
  const { held } = ledger.book
  let here = 0
  for (const { hold } of held.values()) if (hold?.origin === options.origin && hold.by === 'machine') here += 1
  return breaker.mayHold({ here, everywhere: held.size, active })
}

/** What the client has used and nobody complained about. */
function allowedRoutes(used: readonly string[], evidence: readonly Evidence[]): string[] {
  const accused = new Set(evidence.map((item) => item.route))
  return used.filter((route) => route.startsWith('GET ') && !accused.has(route)).slice(0, 32)
}

function personActions(parts: Parts): Pick<Quarantine, 'release' | 'extend' | 'exempt' | 'unexempt'> {
  const { ledger, now, options } = parts
  const { emit, records } = options
  return {
    release: (clientId, by, reason) => {
      if (ledger.book.peek(clientId) === undefined) return false
      const before = ledger.apply(clientId, { kind: 'passed', atMs: now() })
      const after = ledger.apply(clientId, { kind: 'released', atMs: now() })
      if (after === before || after.kind !== 'pardoned') return false
      emit({ kind: 'release', clientId, by, reason })
      return true
    },
    extend: (clientId, byMs, by) => {
      if (!ledger.book.held.has(clientId)) return undefined
      const before = ledger.apply(clientId, { kind: 'passed', atMs: now() })
      const hold = ledger.book.peek(clientId)?.hold
      if (before.kind !== 'held' || hold === undefined) return undefined
      const reasons = [...hold.reasons.slice(0, 7), `Extended by ${by}.`]
      ledger.apply(clientId, { kind: 'extended', atMs: now(), byMs }, { ...hold, reasons })
      return ledger.book.peek(clientId)?.hold
    },
    exempt: (clientId, { by, reason, untilMs }) => {
      const exemption: Exemption = { clientId, untilMs, by, reason }
      const wasHeld = ledger.book.held.has(clientId)
      // The pardon comes first: peers that hold the client let it go even if the exemption is taken back later.
      if (wasHeld) ledger.apply(clientId, { kind: 'released', atMs: now() })
      records.append(draftExemption(exemption))
      ledger.exemptions.set(clientId, exemption)
      ledger.apply(clientId, { kind: 'exempted', atMs: now(), untilMs })
      if (wasHeld) emit({ kind: 'release', clientId, by, reason })
      return exemption
    },
    unexempt: (clientId, by) => {
      const record = records.get('exemption', clientId)
      const wasExempt = ledger.exemptions.delete(clientId)
      if (record !== undefined) records.revoke(record.id, 'person')
      if (!wasExempt) return false
      ledger.apply(clientId, { kind: 'unexempted', atMs: now() })
      emit({ kind: 'admin', actor: by, action: 'unexempt', subject: clientId })
      return true
    },
  }
}
