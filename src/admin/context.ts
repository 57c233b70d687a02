import type { Request } from 'express'
import type { Credentials } from './credentials.ts'
import type { AdminDependencies } from './dependencies.ts'
import type { Session, Sessions } from './sessions.ts'
import type { SignInLimit } from './sign-in-limit.ts'
import type { Traffic } from './traffic.ts'

/** What the operations share. */
export type AdminContext = {
  readonly deps: AdminDependencies
  readonly credentials: Credentials
  readonly sessions: Sessions
  readonly signInLimit: SignInLimit
  readonly traffic: Traffic
  readonly startedAtMs: number
  readonly sessionOf: (request: Request) => Session | null
  /** One audit event for everything that a person changes. */
  readonly audit: (actor: string, action: string, subject: string) => void
}
