import { BoundedMap } from '../core/bounded-map.ts'
import type { Evidence } from './evidence.ts'
import type { Hold } from './hold.ts'
import { freeStanding, type Standing } from './ladder.ts'

/** What is known of one client. */
export type Entry = {
  standing: Standing
  /** The standing as others see it; `undefined` while the client is neither watched nor held. */
  hold: Hold | undefined
  /** When a slowed client last got a request through. */
  lastPassMs: number
  evidence: Evidence[]
  episode: number
}

/**
 * Two maps: the few clients that are held, which every request looks up and nothing pushes out, and the many about whom
 * something was once said, of whom the longest unheard of are forgotten first.
 */
export type Book = {
  readonly held: Map<string, Entry>
  readonly entries: BoundedMap<string, Entry>
  readonly entryOf: (clientId: string) => Entry
  readonly peek: (clientId: string) => Entry | undefined
  readonly place: (clientId: string, entry: Entry, hold: Hold | undefined) => void
}

export function createBook(capacity: number): Book {
  const entries = new BoundedMap<string, Entry>(capacity)
  const held = new Map<string, Entry>()
  return {
    held,
    entries,
    entryOf: (clientId) => {
      let entry = entries.get(clientId)
      if (entry === undefined) {
        entry = held.get(clientId) ?? createEntry()
        entries.set(clientId, entry)
      }
      return entry
    },
    peek: (clientId) => held.get(clientId) ?? entries.peek(clientId),
    place: (clientId, entry, hold) => {
      entry.hold = hold
      if (hold === undefined || hold.rung === 'watched') held.delete(clientId)
      else held.set(clientId, entry)
    },
  }
}

function createEntry(): Entry {
  return {
    standing: freeStanding(0),
    hold: undefined,
    lastPassMs: Number.NEGATIVE_INFINITY,
    evidence: [],
    episode: 0,
  }
}
