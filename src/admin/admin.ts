// Lets people see what was found, learned and remembered, and act on it: API, sign-in, dashboard, health and metrics.
// Must not decide about requests itself: it hands a person's word to the rooms that do, and records who said it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, ThymusError } from '../core/errors.ts'
import { createApplication } from './application.ts'
import type { AdminContext } from './context.ts'
import { openCredentials } from './credentials.ts'
import type { AdminDependencies } from './dependencies.ts'
import { createSessionReader } from './guards.ts'
import { createSessions } from './sessions.ts'
import { createSignInLimit } from './sign-in-limit.ts'
import { createTraffic } from './traffic.ts'

export type Admin = {
  /** Opens the listener. Throws THY_PORT when the port is taken or may not be opened. */
  readonly listen: () => Promise<{ readonly host: string; readonly port: number }>
  /** Stops accepting, lets running calls end for a moment, closes. */
  readonly close: () => Promise<void>
  /** The password made at the first run, to be shown once; null when there is one already. */
  readonly firstRunPassword: string | null
}

const graceMs = 1_000
const maxConnections = 256

/** What the operations share, made from what the composition root hands in. Throws when the password file is unusable. */
export function createContext(deps: AdminDependencies): AdminContext {
  const sessions = createSessions(deps.clock, deps.config.admin.sessionTtlMs)
  return {
    deps,
    credentials: openCredentials(deps.credentialsPath, deps.password),
    sessions,
    signInLimit: createSignInLimit(deps.clock, deps.config.admin.maxSignInAttempts),
    traffic: createTraffic(deps.events, deps.clock),
    startedAtMs: deps.clock.now(),
    sessionOf: createSessionReader(sessions),
    audit: (actor, action, subject) => deps.events.emit({ kind: 'admin', actor, action, subject }),
  }
}

function portFault(thrown: unknown, host: string, port: number): ThymusError {
  const code = (thrown as NodeJS.ErrnoException).code
  const where = `${host}:${port}`
  const hint = 'set admin.port to another one'
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `The admin port ${where} is in use; stop what uses it or ${hint}.`,
    EACCES: `The admin port ${where} may not be opened by this user; ${hint}.`,
    EADDRNOTAVAIL: `The admin address ${host} does not belong to this machine; set admin.host to one that does.`,
  }
  const message = sentences[code ?? ''] ?? `The admin listener cannot be opened at ${where}: ${messageOf(thrown)}`
  return new ThymusError('THY_PORT', message, { cause: thrown })
}

function open(server: Server, host: string, port: number): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    const fail = (thrown: unknown) => reject(portFault(thrown, host, port))
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.off('error', fail)
      resolve({ host, port: (server.address() as AddressInfo).port })
    })
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve()
    const timer = setTimeout(() => server.closeAllConnections(), graceMs)
    timer.unref()
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

export function createAdmin(deps: AdminDependencies): Admin {
  const context = createContext(deps)
  const { app } = createApplication(context)
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 }, app)
  server.maxConnections = maxConnections
  const { host, port } = deps.config.admin
  const { firstRunPassword, forgetFirstRun } = context.credentials
  return {
    firstRunPassword,
    listen: async () => {
      const address = await open(server, host, port).catch((thrown: unknown) => {
        forgetFirstRun()
        throw thrown
      })
      // Faults of an open listener (out of file handles, say) must not end the process.
      server.on('error', ({ message }) =>
        deps.events.emit({ kind: 'fault', layer: 'engine', message: `admin listener: ${message}` }),
      )
      return address
    },
    close: async () => {
      context.traffic.close()
      await shut(server)
    },
  }
}
