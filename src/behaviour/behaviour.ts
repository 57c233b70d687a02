import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'

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
  readonly routes: readonly string[]
}

/** The conduct of clients over time. */
export type Behaviour = {
  /** Appends danger signals about the client so far. Synchronous. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Takes in how a request ended. `status` 0 when the client went away. */
  readonly observe: (request: CanonicalRequest, outcome: { readonly status: number; readonly atMs: number }) => void
  readonly conduct: (clientId: string) => ClientConduct | undefined
  /** Clients seen within the window. */
  readonly activeClients: () => number
  readonly list: (limit: number) => readonly ClientConduct[]
}
