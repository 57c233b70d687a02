// The engine inside an Express application: same membrane, same verdicts as the gateway.
// It must not answer an allowed request, and leaves its body as readable as it found it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config/schema.ts'
import { plainAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { Engine, Inspection } from '../engine/engine.ts'
import type { CapturedBody } from '../http/capture-body.ts'
import { isClosing } from '../http/connection.ts'
import { classifyHeader } from '../http/header-name.ts'
import {
  type BodyListener,
  digestOf,
  type OpenRequest,
  type OpenView,
  openRequest,
  readBody,
  watchRest,
} from '../http/read-request.ts'
import { type Rejection, tooLarge } from '../http/rejection.ts'
import { reportOf } from '../http/report-rejection.ts'
import { writeFault, writeRejection, writeVerdict } from '../http/write-verdict.ts'
import { rebuildBody } from './parsed-body.ts'

export type ExpressMiddlewareOptions = {
  readonly config: Pick<Config, 'request' | 'mode'>
  readonly clock: Clock
  readonly emit: EventListener
}

/** An Express request as far as it matters here; `originalUrl` is the whole path wherever the middleware is mounted. */
export type ExpressRequest = IncomingMessage & { readonly originalUrl?: string }
export type ExpressMiddleware = (req: ExpressRequest, res: ServerResponse, next: (error?: unknown) => void) => void

const seenKey = Symbol('seen')
type Seen = IncomingMessage & { [seenKey]?: true }

/** Makes the middleware for Express 4 and 5; it may stand before or after body parsers. */
export function createExpressMiddleware(engine: Engine, options: ExpressMiddlewareOptions): ExpressMiddleware {
  const { config, clock, emit } = options
  return function thymus(req, res, next) {
    if (isClosing(req.socket)) return
    const seen: Seen = req
    if (seen[seenKey] === true) {
      next()
      return
    }
    seen[seenKey] = true
    const open = openRequest(req, {
      method: req.method ?? '',
      target: req.originalUrl ?? req.url ?? '',
      remoteAddress: plainAddress(req.socket.remoteAddress),
      receivedAtMs: clock.now(),
      limits: config.request,
    })
    const visit = new Visit({ engine, clock, emit, config }, { req, res, next })
    if (open.kind === 'rejected') visit.onRejected(open)
    else visit.start(open)
  }
}

type VisitContext = ExpressMiddlewareOptions & { readonly engine: Engine }
type Parties = { readonly req: ExpressRequest; readonly res: ServerResponse; readonly next: (error?: unknown) => void }

/** One request in the middleware; one object instead of a closure per callback. */
class Visit implements BodyListener {
  readonly #context: VisitContext
  readonly #parties: Parties
  #open: OpenRequest | null = null
  #inspection: Inspection | null = null
  #isOver = false

  constructor(context: VisitContext, parties: Parties) {
    this.#context = context
    this.#parties = parties
  }

  start(open: OpenRequest): void {
    this.#open = open
    const { req, res } = this.#parties
    const rebuilt = open.plan !== null && req.readableEnded ? rebuildBody(req) : null
    // Before `admit`, because the engine knows a request again by its header array.
    if (rebuilt?.contentType !== undefined) {
      open.view.rawHeaders = withContentType(open.view.rawHeaders, rebuilt.contentType)
    }
    const admission = this.#ask((engine) => engine.admit(open.view))
    if (admission === undefined) return
    if (admission !== null) {
      this.#act(admission)
      return
    }
    if (open.plan === null) {
      this.onRead(null, null)
      return
    }
    if (rebuilt !== null) this.#takeParsed(open, rebuilt.bytes)
    else {
      res.once('close', () => {
        this.#isOver = true
      })
      readBody(req, open, { listener: this, style: 'give-back' })
    }
  }

  onRead(_wire: Buffer | null, captured: CapturedBody | null): void {
    const open = this.#open
    if (this.#isOver || open === null) return
    const inspection = this.#ask((engine) => engine.inspect(open.view))
    if (!inspection) return
    if (captured?.isCut === true && !captured.hasEnded && inspection.verdict.kind === 'allow') {
      watchRest(this.#parties.req, open, { begun: captured.arrived, mayEnd: (seen) => this.#mayEnd(seen) })
    }
    this.#act(inspection)
  }

  /** Whether a body of which only the beginning was known may end, now that all of it is; else refuses it. */
  #mayEnd(seen: OpenView | Rejection): boolean {
    const { res } = this.#parties
    if (this.#isOver || res.headersSent) return true
    if ('kind' in seen) {
      this.onRejected(seen)
      return false
    }
    const inspection = this.#ask((engine) => engine.inspect(seen))
    if (inspection === undefined) return false
    this.#inspection = inspection
    const { verdict } = inspection
    if (verdict.kind !== 'allow') writeVerdict(res, verdict, { close: true })
    return verdict.kind === 'allow'
  }

  onRejected(rejection: Rejection): void {
    const { req, res } = this.#parties
    const { clock, emit, config } = this.#context
    if (this.#isOver || res.headersSent) return
    const referenceId = writeRejection(res, rejection)
    const remoteAddress = plainAddress(req.socket.remoteAddress)
    const { mode } = config
    emit(reportOf(rejection, { referenceId, method: req.method ?? '', remoteAddress, mode, atMs: clock.now() }))
  }

  /** A parser stood before us. */
  #takeParsed(open: OpenRequest, bytes: Buffer | null): void {
    const { maxInspectedBytes } = this.#context.config.request
    let seen: Buffer | Rejection | null = bytes
    if (bytes !== null && bytes.length > maxInspectedBytes) {
      seen =
        open.plan?.isBounded === true ? tooLarge('The request body is too large for its type.') : digestOf(open, bytes)
      if ('kind' in seen) {
        this.onRejected(seen)
        return
      }
      open.view.isBodyCut = true
    }
    open.view.body = seen
    this.onRead(null, null)
  }

  #act(inspection: Inspection): void {
    const { req, res, next } = this.#parties
    this.#inspection = inspection
    res.once('close', () => this.#settle())
    const { verdict } = inspection
    if (verdict.kind === 'allow') next()
    else writeVerdict(res, verdict, { close: this.#open?.plan !== null && !req.complete })
  }

  /** Asks the engine; `undefined` when it broke, in which case nothing gets through. */
  #ask<Answer>(question: (engine: Engine) => Answer): Answer | undefined {
    try {
      return question(this.#context.engine)
    } catch (thrown) {
      this.#context.emit({ kind: 'fault', layer: 'engine', message: messageOf(thrown) })
      writeFault(this.#parties.res, {
        status: 500,
        code: 'THY_LAYER_FAULT',
        detail: 'The request could not be inspected and was not passed on.',
        close: true,
      })
      return undefined
    }
  }

  #settle(): void {
    const inspection = this.#inspection
    if (inspection === null) return
    const { res } = this.#parties
    const { engine, clock, emit } = this.#context
    try {
      engine.settle(inspection, { status: res.writableFinished ? res.statusCode : 0, atMs: clock.now() })
    } catch (thrown) {
      emit({ kind: 'fault', layer: 'engine', message: messageOf(thrown) })
    }
  }
}

function withContentType(rawHeaders: readonly string[], contentType: string): string[] {
  return rawHeaders.map((part, index) => {
    const name = index % 2 === 1 ? (rawHeaders[index - 1] ?? '') : ''
    return classifyHeader(name) === 'content-type' ? contentType : part
  })
}
