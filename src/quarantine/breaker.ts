import type { Config } from '../config/schema.ts'
import type { ThymusEvent } from '../core/events.ts'

/**
 * Keeps an error of ours from locking out the customers of the API: a cap on how many may be held, and an eye on what
 * the recent holds have in common. What alone would have caused most of them is more likely wrong than they are.
 */
export type Breaker = {
  /** Whether one more client may be held. Says so, at most once a minute, when not. */
  readonly mayHold: (count: { readonly here: number; readonly everywhere: number; readonly active: number }) => boolean
  /** Takes in a hold and what it would not have happened without. */
  readonly noteHold: (clientId: string, causes: readonly string[], active: number) => void
  /** Whether a source or field does not count as evidence for now. */
  readonly isSilenced: (key: string) => boolean
  readonly silenced: () => readonly string[]
}

/** So many may always be held, however few are active. */
const alwaysHoldable = 3
/** Holds of so many clients are needed before a common cause means anything. */
const minClients = 5
const maxRecent = 256
const sayEveryMs = 60_000

type RecentHold = { readonly clientId: string; readonly atMs: number; readonly causes: readonly string[] }

export function createBreaker(options: {
  readonly config: Config['quarantine']
  readonly now: () => number
  readonly emit: (event: ThymusEvent) => void
}): Breaker {
  const { config, now, emit } = options
  const recent: RecentHold[] = []
  const silencedUntil = new Map<string, number>()
  let saidAtMs = Number.NEGATIVE_INFINITY

  const say = (reason: string): void => {
    if (now() - saidAtMs < sayEveryMs) return
    saidAtMs = now()
    emit({ kind: 'breaker', subject: 'quarantine', reason })
  }

  const isSilenced = (key: string): boolean => {
    if (silencedUntil.size === 0) return false
    const untilMs = silencedUntil.get(key)
    if (untilMs === undefined) return false
    if (untilMs > now()) return true
    silencedUntil.delete(key)
    return false
  }

  const silence = (key: string, clients: number): void => {
    const lengthMs = config.evidenceTtlMs * 6
    silencedUntil.set(key, now() + lengthMs)
    const minutes = Math.round(lengthMs / 60_000)
    const reason = `It alone would have held most of the last ${clients} held clients, so it does not count against clients for ${minutes} min; requests are still refused one by one. Look for a false positive or a new version of the API.`
    emit({ kind: 'breaker', subject: key, reason })
  }

  return {
    mayHold: ({ here, everywhere, active }) => {
      const byShare = Math.max(alwaysHoldable, Math.floor(config.maxHeldShare * active))
      if (everywhere >= config.maxHeld) {
        say(`${everywhere} clients are held, the cap of quarantine.maxHeld; nobody further is held.`)
        return false
      }
      if (here < byShare) return true
      say(`${here} of ${active} active clients are held, above quarantine.maxHeldShare; nobody further is held.`)
      return false
    },
    noteHold: (clientId, causes, active) => {
      const sinceMs = now() - config.evidenceTtlMs
      while (recent.length >= maxRecent || (recent[0]?.atMs ?? now()) < sinceMs) recent.shift()
      recent.push({ clientId, atMs: now(), causes })
      const clients = new Set(recent.map((hold) => hold.clientId)).size
      if (clients < Math.max(minClients, Math.ceil((config.maxHeldShare * active) / 2))) return
      for (const cause of causes) {
        const caused = new Set(recent.filter((hold) => hold.causes.includes(cause)).map((hold) => hold.clientId)).size
        if (caused * 2 > clients) silence(cause, clients)
      }
    },
    isSilenced,
    silenced: () => [...silencedUntil.keys()].filter(isSilenced),
  }
}
