import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { BoundedMap } from '../core/bounded-map.ts'
import type { Clock } from '../core/clock.ts'

/** One signed-in browser or program. */
export type Session = {
  readonly user: string
  readonly expiresAtMs: number
  /** Has to come back in a header with everything that changes something. */
  readonly csrfToken: string
}

/**
 * Sessions by the SHA-256 of their id: a copy of the table signs nobody in. The oldest leave when it is full.
 */
export type Sessions = {
  /** Makes a session under a new id, whatever id the browser had before. */
  readonly open: (user: string) => { readonly id: string; readonly session: Session }
  readonly find: (id: string) => Session | undefined
  readonly revoke: (id: string) => void
  readonly size: () => number
}

const maxSessions = 100
const idBytes = 32
const digestOf = (id: string) => createHash('sha256').update(id).digest('base64url')

export function createSessions(clock: Clock, ttlMs: number): Sessions {
  const table = new BoundedMap<string, Session>(maxSessions)
  return {
    open: (user) => {
      const id = randomBytes(idBytes).toString('base64url')
      const csrfToken = randomBytes(idBytes).toString('base64url')
      const session: Session = { user, expiresAtMs: clock.now() + ttlMs, csrfToken }
      table.set(digestOf(id), session)
      return { id, session }
    },
    find: (id) => {
      const digest = digestOf(id)
      const session = table.get(digest)
      if (session === undefined) return undefined
      if (session.expiresAtMs > clock.now()) return session
      table.delete(digest)
      return undefined
    },
    revoke: (id) => {
      table.delete(digestOf(id))
    },
    size: () => table.size,
  }
}

/** Compares without telling how much was right. */
export function isCsrfToken(session: Session, given: string | undefined): boolean {
  if (given === undefined) return false
  const left = createHash('sha256').update(session.csrfToken).digest()
  return timingSafeEqual(left, createHash('sha256').update(given).digest())
}
