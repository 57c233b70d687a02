import { connect, isIP } from 'node:net'
import { buildConnector, Pool } from 'undici'
import type { Config } from '../config/schema.ts'
import { messageOf, ThymusError } from '../core/errors.ts'

/** The API behind the gateway. */
export type Upstream = {
  readonly origin: string
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  readonly pool: Pool
  /** For TLS: one name for all requests, whatever Host the client sends. */
  readonly servername: string
}

/** Connections that are opened at once; what comes on top waits for one. */
const maxConnections = 256
const maxResponseHeaderBytes = 65_536

export function createUpstream(url: string, timeouts: Config['timeouts']): Upstream {
  const { origin, hostname, port, protocol } = new URL(url)
  const isTls = protocol === 'https:'
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const connector = buildConnector({ timeout: timeouts.upstreamConnectMs, allowH2: false })
  const pool = new Pool(origin, {
    connections: maxConnections,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: maxResponseHeaderBytes,
    headersTimeout: timeouts.upstreamHeadersMs,
    bodyTimeout: timeouts.upstreamBodyMs,
    connect: (options, callback) => connector(isIP(host) === 0 ? options : withoutServername(options), callback),
  })
  return { origin, host, port: port === '' ? (isTls ? 443 : 80) : Number(port), isTls, pool, servername: host }
}

/** RFC 6066, 3: an address is no server name. */
function withoutServername(options: buildConnector.Options): buildConnector.Options {
  const { servername: _, ...rest } = options
  return rest
}

/** Says in one sentence when nobody listens at the upstream. */
export async function checkUpstream(url: string, timeoutMs = 3_000): Promise<void> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port: portNumber })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', (error) => {
      reject(
        new ThymusError('THY_UPSTREAM', `The upstream ${url} cannot be reached: ${reasonOf(error)}.`, { cause: error }),
      )
    })
  })
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up at the moment',
  EHOSTUNREACH: 'there is no route to its host',
  ENETUNREACH: 'there is no route to its network',
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return reasons[code] ?? messageOf(error)
}

/** What an upstream's failure means for the client that waits for its answer. */
export type UpstreamFailure = {
  readonly status: 400 | 502 | 504
  readonly code: 'THY_UPSTREAM' | 'THY_UPSTREAM_TIMEOUT' | 'malformed'
  readonly detail: string
}

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

export function failureOf(error: unknown): UpstreamFailure {
  const code = codeOf(error)
  if (timeoutCodes.has(code)) {
    return { status: 504, code: 'THY_UPSTREAM_TIMEOUT', detail: 'The API behind this gateway did not answer in time.' }
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return { status: 400, code: 'malformed', detail: 'The request does not have a valid form.' }
  }
  return { status: 502, code: 'THY_UPSTREAM', detail: 'The API behind this gateway could not be reached or broke off.' }
}

const resetCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** True when a kept-alive connection was closed under a request, so that the same request may go out once more. */
export function isStaleConnection(error: unknown): boolean {
  if (!resetCodes.has(codeOf(error))) return false
  const socket = (error as { socket?: { bytesRead?: number } | null }).socket
  return socket === undefined || socket === null || (socket.bytesRead ?? 0) > 0
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
