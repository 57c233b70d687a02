// The reverse proxy: listener, forwarding, draining.
// It must not decide about a request: it asks the engine and does what the verdict says.
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import { ThymusError } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { Engine } from '../engine/engine.ts'
import { isClosing } from '../http/connection.ts'
import { wantsWebSocket } from '../http/membrane.ts'
import { type OpenRequest, openRequest } from '../http/read-request.ts'
import { malformed, type Rejection } from '../http/rejection.ts'
import { reportOf } from '../http/report-rejection.ts'
import { answerClientError, breakOff, endTurn, noteTurn, owesAnswer } from './client-error.ts'
import { type GatewayContext, reject, type Turn } from './context.ts'
import { Exchange } from './exchange.ts'
import { createPeerOf } from './peer.ts'
import { openTunnel } from './tunnel.ts'
import { codeOf, createUpstream } from './upstream.ts'

export type GatewayOptions = {
  readonly config: Config
  readonly engine: Engine
  readonly clock: Clock
  readonly emit: EventListener
  /** URL of the API, without a path. */
  readonly upstream: string
}

export type Gateway = {
  readonly listen: () => Promise<{ readonly host: string; readonly port: number }>
  /** Stops accepting, lets running requests end within `timeouts.drainMs`, then closes everything. */
  readonly drain: () => Promise<void>
  /** Closes everything at once. */
  readonly close: () => Promise<void>
}

/** Longer than the idle timeout of common load balancers, so that they close first. */
const keepAliveMs = 65_000
const checkConnectionsEveryMs = 1_000
/** While draining: a connection may turn idle with an answer that began before. */
const closeIdleEveryMs = 50

export function createGateway(options: GatewayOptions): Gateway {
  const { config, engine, clock, emit } = options
  const upstream = createUpstream(options.upstream, config.timeouts)
  const peerOf = createPeerOf(config.trustedProxies)
  const context: GatewayContext = { config, engine, clock, emit, upstream, peerOf, isDraining: false }
  const tunnels = new Set<Duplex>()
  const server = createHttpServer(context, tunnels)
  const close = async (): Promise<void> => {
    for (const end of tunnels) end.destroy()
    const closed = closeServer(server)
    server.closeAllConnections()
    await closed
    await upstream.pool.destroy()
  }
  return {
    listen: () => listen(server, config.listen),
    drain: async () => {
      context.isDraining = true
      const timer = setTimeout(() => {
        for (const end of tunnels) end.destroy()
        server.closeAllConnections()
      }, config.timeouts.drainMs)
      const sweep = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs)
      await closeServer(server)
      clearTimeout(timer)
      clearInterval(sweep)
      await upstream.pool.destroy()
    },
    close,
  }
}

function createHttpServer(context: GatewayContext, tunnels: Set<Duplex>): Server {
  const { config } = context
  const server = createServer({
    maxHeaderSize: config.request.maxHeaderBytes,
    headersTimeout: Math.min(config.timeouts.headersMs, config.timeouts.requestMs),
    requestTimeout: config.timeouts.requestMs,
    connectionsCheckingInterval: checkConnectionsEveryMs,
    keepAliveTimeout: keepAliveMs,
    insecureHTTPParser: false,
    requireHostHeader: false,
    shouldUpgradeCallback: mayUpgrade,
  })
  server.maxHeadersCount = 0
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => serve(context, req, res)
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    const turn = turnOnBareSocket(context, req, socket)
    const open = readHead(context, turn)
    if (open === null) return
    if (!wantsWebSocket(open.head)) reject(context, turn, malformed('The Upgrade is not asked for in Connection.'))
    else openTunnel(context, { ...turn, open, socket, head, onTunnel: trackTunnel(tunnels) })
  })
  server.on('connect', (req: IncomingMessage, socket: Socket) => {
    if (owesAnswer(socket) || isClosing(socket)) breakOff(socket)
    else readHead(context, turnOnBareSocket(context, req, socket))
  })
  server.on('clientError', (error: Error, socket: Socket) => {
    const status = answerClientError(error, socket)
    if (status !== 0) reportClientError(context, socket, status)
  })
  return server
}

/** A handshake that is pipelined behind a request finds the connection taken: it is served like any GET. */
function mayUpgrade(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'websocket' && !owesAnswer(req.socket) && !isClosing(req.socket)
}

function serve(context: GatewayContext, req: IncomingMessage, res: ServerResponse): void {
  const { socket } = req
  if (isClosing(socket)) return
  const turn: Turn = { req, res, peer: context.peerOf(socket) }
  noteTurn(socket, turn)
  res.on('close', () => endTurn(socket, turn))
  const open = readHead(context, turn)
  if (open !== null) new Exchange(context, turn, open).start()
}

/** Opens a request, or answers it and returns `null`. */
function readHead(context: GatewayContext, turn: Turn): OpenRequest | null {
  const { req, peer } = turn
  const { config, clock } = context
  const open = openRequest(req, {
    method: req.method ?? '',
    target: req.url ?? '',
    remoteAddress: peer.address,
    receivedAtMs: clock.now(),
    limits: config.request,
  })
  if (open.kind === 'open') return open
  reject(context, turn, open)
  return null
}

/** node hands over the bare socket of an upgrade; a response object of our own can still answer on it. */
function turnOnBareSocket(context: GatewayContext, req: IncomingMessage, socket: Socket): Turn {
  const res = new ServerResponse(req)
  socket.on('error', () => socket.destroy())
  res.assignSocket(socket)
  res.on('finish', () => {
    res.detachSocket(socket)
    socket.destroySoon()
  })
  return { req, res, peer: context.peerOf(socket) }
}

function trackTunnel(tunnels: Set<Duplex>): (client: Duplex, upstream: Duplex) => void {
  return (...ends) => {
    for (const end of ends) {
      tunnels.add(end)
      end.once('close', () => tunnels.delete(end))
    }
  }
}

function reportClientError(context: GatewayContext, socket: Socket, status: number): void {
  const rejection: Rejection = malformed('The request is not valid HTTP.', status as Rejection['status'])
  const { config, clock, emit, peerOf } = context
  const { address } = peerOf(socket)
  const report = { referenceId: '', method: '', remoteAddress: address, mode: config.mode, atMs: clock.now() }
  emit(reportOf(rejection, report))
}

async function listen(server: Server, { host, port }: Config['listen']): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error): void => reject(portError(error, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  return { host: address.address, port: address.port }
}

function portError(error: Error, host: string, port: number): ThymusError {
  const options = { cause: error }
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ThymusError('THY_PORT', `Port ${port} on ${host} is already in use.`, options)
    case 'EACCES':
      return new ThymusError('THY_PORT', `Port ${port} on ${host} may not be opened by this user.`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ThymusError('THY_PORT', `${host} is not an address of this machine.`, options)
    default:
      return new ThymusError('THY_PORT', `Port ${port} on ${host} cannot be opened: ${error.message}.`, options)
  }
}

/** Resolves when the last connection has ended. */
async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}
