import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Inspection } from '../engine/engine.ts'
import type { CapturedBody } from '../http/capture-body.ts'
import { closeAfter } from '../http/connection.ts'
import { type BodyListener, type OpenRequest, type OpenView, readBody, watchRest } from '../http/read-request.ts'
import { type Rejection, tooLarge } from '../http/rejection.ts'
import { writeFault, writeVerdict } from '../http/write-verdict.ts'
import { type AnswerHold, holdAnswer } from './answer-hold.ts'
import { ClientAnswer } from './client-answer.ts'
import { type ClientHeaders, clientHeaders, clientTrailers } from './client-headers.ts'
import { failClosed, type GatewayContext, reject, settle, type Turn } from './context.ts'
import type { Peer } from './peer.ts'
import { BodyTooLargeError, streamBody } from './streamed-body.ts'
import { failureOf, isStaleConnection } from './upstream.ts'
import { upstreamHeaders } from './upstream-headers.ts'

type Raw = readonly (Buffer | string)[]

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * One request on its way through the gateway, and the handler that undici calls for it. A class, because its state is
 * shared by a dozen callbacks: one object per request instead of a closure each.
 *
 *   admit -> read body -> inspect -> dispatch -> answer head, data, end -> closed: settle
 */
export class Exchange implements Dispatcher.DispatchHandler, BodyListener, Turn {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly peer: Peer
  readonly #context: GatewayContext
  readonly #answer: ClientAnswer
  readonly #open: OpenRequest
  #inspection: Inspection | null = null
  #options: Dispatcher.DispatchOptions | null = null
  #controller: Dispatcher.DispatchController | null = null
  #hasAnswerByte = false
  #hasUpstreamEnded = false
  #isRetried = false
  #isOver = false
  #isRefused = false
  /** An answer whose body is to be judged before any of it is passed on, and how it then begins. */
  #hold: AnswerHold | null = null
  #start: () => void = () => undefined

  constructor(context: GatewayContext, { req, res, peer }: Turn, open: OpenRequest) {
    this.#context = context
    this.req = req
    this.res = res
    this.peer = peer
    this.#open = open
    this.#answer = new ClientAnswer(res)
  }

  start(): void {
    this.res.on('close', () => this.#onClosed())
    let inspection: Inspection | null
    try {
      inspection = this.#context.engine.admit(this.#open.view)
    } catch (thrown) {
      failClosed(this.#context, this.res, thrown)
      return
    }
    if (inspection !== null) {
      this.#act(inspection, null)
      return
    }
    if (this.#open.head.expectsContinue && this.#open.plan !== null) this.res.writeContinue()
    readBody(this.req, this.#open, { listener: this, style: 'keep' })
  }

  onRead(wire: Buffer, captured: CapturedBody | null): void {
    if (this.#isOver) return
    let inspection: Inspection
    try {
      inspection = this.#context.engine.inspect(this.#open.view)
    } catch (thrown) {
      failClosed(this.#context, this.res, thrown)
      return
    }
    const isCut = captured?.isCut === true
    if (isCut && !captured.hasEnded && inspection.verdict.kind === 'allow') {
      watchRest(this.req, this.#open, { begun: captured.arrived, mayEnd: (seen) => this.#mayEnd(seen) })
    }
    this.#act(inspection, isCut ? null : wire)
  }

  /** Whether a body of which only the beginning was known may end, now that all of it is; else refuses it. */
  #mayEnd(seen: OpenView | Rejection): boolean {
    if (this.#isOver || this.#isRefused) return true
    if ('kind' in seen) {
      this.#refuseLate(() => reject(this.#context, this, seen))
      return false
    }
    let inspection: Inspection
    try {
      inspection = this.#context.engine.inspect(seen)
    } catch (thrown) {
      this.#refuseLate(() => failClosed(this.#context, this.res, thrown))
      return false
    }
    this.#inspection = inspection
    const { verdict } = inspection
    if (verdict.kind === 'allow') return true
    this.#refuseLate(() => writeVerdict(this.res, verdict, { close: true }))
    return false
  }

  /** The upstream has had the beginning of the request and never gets its end. */
  #refuseLate(write: () => void): void {
    this.#isRefused = true
    if (this.res.headersSent) this.res.socket?.resetAndDestroy()
    else write()
    this.#controller?.abort(new Error('the request was refused'))
  }

  onRejected(rejection: Rejection): void {
    if (!this.#isOver) reject(this.#context, this, rejection)
  }

  /** Does what the verdict says; `wire` is the whole body, `null` when it is still (partly) in the message. */
  #act(inspection: Inspection, wire: Buffer | null): void {
    this.#inspection = inspection
    const { verdict } = inspection
    if (verdict.kind === 'allow') this.#forward(wire)
    else writeVerdict(this.res, verdict, { close: this.#isBodyUnread() || this.#context.isDraining })
  }

  #isBodyUnread(): boolean {
    return this.#open.plan !== null && !this.req.complete
  }

  #forward(wire: Buffer | null): void {
    const { head, plan, view } = this.#open
    const { upstream, config } = this.#context
    const headers = upstreamHeaders(head, this.req.rawHeaders, this.peer)
    let body: Buffer | Readable | null = wire
    if (plan !== null && wire === null) {
      if (head.length > 0) headers.push('content-length', String(head.length))
      body = streamBody(this.req, config.request.maxBodyBytes)
    }
    this.#options = { path: head.target, method: view.method as Dispatcher.HttpMethod, headers, body }
    if (upstream.isTls) Object.assign(this.#options, { servername: upstream.servername })
    upstream.pool.dispatch(this.#options, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver || this.#isRefused) controller.abort(new Error('the client went away or was refused'))
  }

  onResponseStarted(): void {
    this.#hasAnswerByte = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _parsed: unknown, text?: string): void {
    if (this.#isRefused) return
    if (status < 200) {
      if (status === 103) this.#passEarlyHints(controller)
      return
    }
    const headers = clientHeaders(rawOf(controller.rawHeaders))
    if (this.#mayAnswer(status, headers.flat)) this.#startAnswer(status, text, headers)
    else if (this.#hold !== null) this.#start = () => this.#startAnswer(status, text, headers)
  }

  /** Shows the head of an answer to the rules that ask about it; false when it is refused or held for its body. */
  #mayAnswer(status: number, rawHeaders: readonly string[]): boolean {
    const { answers } = this.#context.engine
    if (answers === null || this.#inspection === null) return true
    const head = { status, rawHeaders }
    try {
      const look = answers.inspectHead(this.#inspection, head)
      this.#inspection = look.inspection
      if (look.body !== null) this.#hold = holdAnswer(answers, head, look.body)
    } catch (thrown) {
      this.#refuseLate(() => failClosed(this.#context, this.res, thrown))
      return false
    }
    return this.#hold === null && this.#isStillAllowed()
  }

  /** Judges what is held of an answer and lets it go on, or refuses it. */
  #releaseAnswer(hold: AnswerHold): boolean {
    this.#hold = null
    const inspection = this.#inspection
    if (hold.isTooLarge() || inspection === null) {
      const detail = 'The answer of the API is larger than the rules about answers allow.'
      this.#refuseLate(() => writeFault(this.res, { status: 502, code: 'THY_UPSTREAM', detail, close: true }))
      return false
    }
    try {
      this.#inspection = hold.judge(inspection)
    } catch (thrown) {
      this.#refuseLate(() => failClosed(this.#context, this.res, thrown))
      return false
    }
    if (!this.#isStillAllowed()) return false
    this.#start()
    return true
  }

  #isStillAllowed(): boolean {
    const verdict = this.#inspection?.verdict
    if (verdict === undefined || verdict.kind === 'allow') return true
    this.#refuseLate(() => writeVerdict(this.res, verdict, { close: this.#isBodyUnread() || this.#context.isDraining }))
    return false
  }

  #startAnswer(status: number, reason: string | undefined, headers: ClientHeaders): void {
    const isBodyUnread = this.#isBodyUnread()
    if (isBodyUnread) closeAfter(this.res)
    this.#answer.start({ status, reason, headers, isLast: isBodyUnread || this.#context.isDraining })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isRefused) return
    const hold = this.#hold
    if (hold !== null) {
      if (hold.add(chunk) && this.#releaseAnswer(hold)) this.onResponseData(controller, hold.bytes())
      return
    }
    this.#answer.write(chunk, controller)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#hasUpstreamEnded = true
    if (this.#isRefused) return
    const hold = this.#hold
    if (hold !== null) {
      if (!this.#releaseAnswer(hold)) return
      const bytes = hold.bytes()
      if (bytes.length > 0) this.#answer.write(bytes, controller)
    }
    this.#answer.end(clientTrailers(rawOf(controller.rawTrailers)))
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#hasUpstreamEnded = true
    if (this.#isOver || this.#isRefused) return
    if (this.res.headersSent) {
      // Half an answer must look like one: a plain end could pass for the whole.
      this.res.socket?.resetAndDestroy()
      return
    }
    if (error instanceof BodyTooLargeError) {
      reject(this.#context, this, tooLarge('The request body is too large.'))
      return
    }
    if (this.#mayRetry(error)) {
      this.#isRetried = true
      this.#hasUpstreamEnded = false
      if (this.#options !== null) this.#context.upstream.pool.dispatch(this.#options, this)
      return
    }
    writeFault(this.res, { ...failureOf(error), close: this.#isBodyUnread() || this.#context.isDraining })
  }

  #mayRetry(error: Error): boolean {
    if (this.#isRetried || this.#hasAnswerByte || this.#open.plan !== null) return false
    return safeMethods.has(this.#open.view.method) && isStaleConnection(error)
  }

  #passEarlyHints(controller: Dispatcher.DispatchController): void {
    const { flat } = clientHeaders(rawOf(controller.rawHeaders))
    const link: string[] = []
    for (let index = 0; index < flat.length; index += 2) {
      if (flat[index]?.toLowerCase() === 'link') link.push(flat[index + 1] ?? '')
    }
    if (link.length === 0 || this.req.httpVersion !== '1.1') return
    try {
      this.res.writeEarlyHints({ link })
    } catch {
      // Node checks links; one that it refuses is a hint lost, and no reason to lose the answer.
    }
  }

  #onClosed(): void {
    this.#isOver = true
    const { res } = this
    if (this.#inspection !== null) {
      const status = res.writableFinished ? res.statusCode : 0
      settle(this.#context, this.#inspection, { status, atMs: this.#context.clock.now() })
    }
    if (!this.#hasUpstreamEnded) this.#controller?.abort(new Error('the client went away'))
  }
}

/** undici gives raw headers as buffers for HTTP/1, the only protocol spoken upstream. */
function rawOf(raw: Dispatcher.DispatchController['rawHeaders']): Raw {
  return Array.isArray(raw) ? raw : []
}
