import type { Client } from '../core/client.ts'
import type { Finding } from '../core/finding.ts'

/** Rungs of the ladder, least severe first. */
export const rungs = ['free', 'watched', 'slowed', 'restricted', 'isolated'] as const
export type Rung = (typeof rungs)[number]

/** One client on the ladder. */
export type Hold = {
  readonly clientId: string
  readonly rung: Rung
  readonly sinceMs: number
  /** When it ends by itself. Every hold ends. */
  readonly untilMs: number
  /** One sentence per kind of evidence, redacted. */
  readonly reasons: readonly string[]
  /** Holds so far, which sets the length of the next. */
  readonly count: number
  readonly by: 'machine' | 'person'
  readonly origin: string
}

export type Exemption = {
  readonly clientId: string
  readonly untilMs: number | null
  readonly by: string
  readonly reason: string
}

/** Holding doubtful clients, with an end. */
export type Quarantine = {
  /** The hold that is in force for a client. Synchronous, local. */
  readonly lookup: (clientId: string) => Hold | undefined
  /** Takes in acting findings against a client; may move it up. Needs two kinds of evidence for every rung above `watched`. */
  readonly accuse: (client: Client, findings: readonly Finding[], activeClients: number) => Hold | undefined
  /** Takes in a clean request: early release after enough of them in a row. */
  readonly acquit: (clientId: string) => void
  /** Whether two kinds of evidence within their time now stand against the client. */
  readonly isCorroborated: (clientId: string) => boolean
  readonly release: (clientId: string, by: string, reason: string) => boolean
  readonly extend: (clientId: string, byMs: number, by: string) => Hold | undefined
  readonly exempt: (clientId: string, options: { by: string; reason: string; untilMs: number | null }) => Exemption
  readonly holds: () => readonly Hold[]
  readonly exemptions: () => readonly Exemption[]
}
