import { type ClientTrack, carryOf, distinctObjects, rotate } from './client-track.ts'
import { sum } from './signals.ts'

/** What a client did within the current window, for people. */
export type ClientConduct = {
  readonly clientId: string
  readonly address: string
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  readonly requests: number
  readonly errors: number
  readonly failedSignIns: number
  /** Largest number of distinct objects asked for on one route. */
  readonly distinctObjects: number
  /** Routes that answered the client, as `GET /orders/{int}`, most recently used first. */
  readonly routes: readonly string[]
}

export function conductOf(track: ClientTrack, nowMs: number, windowMs: number): ClientConduct {
  rotate(track, nowMs, windowMs)
  const carry = carryOf(track, nowMs, windowMs)
  let distinct = 0
  for (const { objects } of track.routes)
    if (objects !== null) distinct = Math.max(distinct, distinctObjects(objects, carry))
  return {
    clientId: track.clientId,
    address: track.address,
    firstSeenMs: track.firstSeenMs,
    lastSeenMs: track.lastSeenMs,
    requests: Math.round(sum(track.tally, 'requests', carry)),
    errors: Math.round(sum(track.tally, 'errors', carry)),
    failedSignIns: Math.round(sum(track.tally, 'failedSignIns', carry)),
    distinctObjects: Math.round(distinct),
    routes: track.routes.filter((entry) => entry.hasSucceeded).map(({ route }) => `${route.method} ${route.template}`),
  }
}
