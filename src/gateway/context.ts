import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { Engine, Inspection, Outcome } from '../engine/engine.ts'
import type { Rejection } from '../http/rejection.ts'
import { reportOf } from '../http/report-rejection.ts'
import { writeFault, writeRejection } from '../http/write-verdict.ts'
import type { Peer, PeerOf } from './peer.ts'
import type { Upstream } from './upstream.ts'

/** What every exchange of one gateway shares. */
export type GatewayContext = {
  readonly config: Config
  readonly engine: Engine
  readonly clock: Clock
  readonly emit: EventListener
  readonly upstream: Upstream
  readonly peerOf: PeerOf
  /** True once the gateway drains: every answer then ends its connection. */
  isDraining: boolean
}

/** One request and its answer. */
export type Turn = {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly peer: Peer
}

/** Answers a request that no layer has seen, and tells telemetry. */
export function reject(context: GatewayContext, { req, res, peer }: Turn, rejection: Rejection): void {
  const referenceId = writeRejection(res, rejection)
  context.emit(
    reportOf(rejection, {
      referenceId,
      method: req.method ?? '',
      remoteAddress: peer.address,
      mode: context.config.mode,
      atMs: context.clock.now(),
    }),
  )
}

/** The engine broke: says so to both sides and lets nothing through. */
export function failClosed(context: GatewayContext, res: ServerResponse, thrown: unknown): void {
  context.emit({ kind: 'fault', layer: 'engine', message: messageOf(thrown) })
  writeFault(res, {
    status: 500,
    code: 'THY_LAYER_FAULT',
    detail: 'The request could not be inspected and was not passed on.',
    close: true,
  })
}

/** Hands the outcome to the engine; what learning does with it never reaches the connection. */
export function settle(context: GatewayContext, inspection: Inspection, outcome: Outcome): void {
  try {
    context.engine.settle(inspection, outcome)
  } catch (thrown) {
    context.emit({ kind: 'fault', layer: 'engine', message: messageOf(thrown) })
  }
}
