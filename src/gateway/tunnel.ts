import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Inspection } from '../engine/engine.ts'
import { closeAfter } from '../http/connection.ts'
import type { OpenRequest } from '../http/read-request.ts'
import { malformed } from '../http/rejection.ts'
import { writeFault, writeVerdict } from '../http/write-verdict.ts'
import { clientHeaders, reasonPhrase } from './client-headers.ts'
import { failClosed, type GatewayContext, reject, settle, type Turn } from './context.ts'
import { failureOf } from './upstream.ts'
import { upstreamHeaders } from './upstream-headers.ts'

export type TunnelRequest = Turn & {
  readonly open: OpenRequest
  readonly socket: Duplex
  /** What the client sent behind its handshake. */
  readonly head: Buffer
  /** Told of both ends once the tunnel stands, so that they can be closed. */
  readonly onTunnel: (client: Duplex, upstream: Duplex) => void
}

/** A WebSocket handshake: inspected like any request; afterwards bytes go both ways untouched. */
export function openTunnel(context: GatewayContext, tunnel: TunnelRequest): void {
  const { open, res } = tunnel
  if (open.plan !== null) {
    reject(context, tunnel, malformed('A WebSocket handshake has no body.'))
    return
  }
  let inspection: Inspection
  try {
    inspection = context.engine.admit(open.view) ?? context.engine.inspect(open.view)
  } catch (thrown) {
    failClosed(context, res, thrown)
    return
  }
  const end = settleOnce(context, inspection)
  tunnel.socket.once('close', () => end(0))
  res.on('finish', () => end(res.statusCode))
  if (inspection.verdict.kind !== 'allow') writeVerdict(res, inspection.verdict, { close: true })
  else shakeHands(context, tunnel, end)
}

type End = (status: number) => void

function settleOnce(context: GatewayContext, inspection: Inspection): End {
  let isSettled = false
  return (status) => {
    if (isSettled) return
    isSettled = true
    settle(context, inspection, { status, atMs: context.clock.now() })
  }
}

function shakeHands(context: GatewayContext, tunnel: TunnelRequest, end: End): void {
  const { req, res, socket } = tunnel
  const upstreamRequest = requestUpgrade(context, tunnel)
  const onClientGone = (): void => {
    upstreamRequest.destroy()
  }
  socket.once('close', onClientGone)
  upstreamRequest.once('upgrade', (answer, upstreamSocket, upstreamHead) => {
    socket.off('close', onClientGone)
    res.detachSocket(req.socket)
    end(101)
    socket.write(switchingProtocols(answer))
    if (upstreamHead.length > 0) socket.write(upstreamHead)
    if (tunnel.head.length > 0) upstreamSocket.write(tunnel.head)
    join(socket, upstreamSocket, context.config.timeouts.upstreamBodyMs)
    tunnel.onTunnel(socket, upstreamSocket)
  })
  upstreamRequest.once('response', (answer) => passRefusal(res, answer))
  upstreamRequest.once('error', (error) => {
    if (socket.destroyed) return
    if (res.headersSent) res.socket?.resetAndDestroy()
    else writeFault(res, { ...failureOf(error), close: true })
  })
  upstreamRequest.end()
}

function requestUpgrade(context: GatewayContext, { open, req, peer }: TunnelRequest): ClientRequest {
  const { upstream, config } = context
  const headers = upstreamHeaders(open.head, req.rawHeaders, peer)
  headers.push('connection', 'Upgrade', 'upgrade', 'websocket')
  const { host, port, isTls } = upstream
  const options = { host, port, method: open.view.method, path: open.head.target, headers, agent: false }
  const upstreamRequest = isTls ? httpsRequest({ ...options, servername: upstream.servername }) : httpRequest(options)
  upstreamRequest.setTimeout(config.timeouts.upstreamHeadersMs, () => {
    upstreamRequest.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
  })
  return upstreamRequest
}

function switchingProtocols(answer: IncomingMessage): Buffer {
  const { flat } = clientHeaders(answer.rawHeaders)
  flat.push('Connection', 'Upgrade', 'Upgrade', 'websocket')
  let text = 'HTTP/1.1 101 Switching Protocols\r\n'
  for (let index = 0; index < flat.length; index += 2) text += `${flat[index]}: ${flat[index + 1]}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

/** The upstream answers, but does not change protocols. */
function passRefusal(res: ServerResponse, answer: IncomingMessage): void {
  const { flat } = clientHeaders(answer.rawHeaders)
  flat.push('connection', 'close')
  closeAfter(res)
  res.writeHead(answer.statusCode ?? 502, reasonPhrase(answer.statusMessage), flat)
  answer.pipe(res)
  answer.once('close', () => {
    if (!answer.complete) res.socket?.resetAndDestroy()
  })
}

type Timed = Duplex & { setTimeout?: (ms: number, onTimeout: () => void) => unknown }

/** Two pipes; when one end goes, or both are silent for too long, so does the other. */
function join(client: Timed, upstream: Timed, maxSilenceMs: number): void {
  const destroyBoth = (): void => {
    client.destroy()
    upstream.destroy()
  }
  for (const end of [client, upstream]) {
    end.on('error', destroyBoth)
    end.on('close', destroyBoth)
    end.setTimeout?.(maxSilenceMs, destroyBoth)
  }
  client.pipe(upstream)
  upstream.pipe(client)
}
