import type { IncomingMessage } from 'node:http'
import type { BodyPlan } from './body-plan.ts'
import { type Rejection, tooLarge } from './rejection.ts'

/** What is told of a body while it comes in; exactly one of the two is called, unless the client goes away first. */
export type BodyReader = {
  readonly onBody: (body: CapturedBody) => void
  readonly onBodyRejected: (rejection: Rejection) => void
}

export type CapturedBody = {
  /** What is to be inspected: all, or the beginning of what arrived. */
  readonly bytes: Buffer
  /** There is more, which the message gives to its reader. */
  readonly isCut: boolean
  /** All that has come in. */
  readonly arrived: Buffer
  /** Nothing more will come in. */
  readonly hasEnded: boolean
}

/** `give-back` leaves the message as if nobody had read it, `keep` drops the bytes of a body that was read whole. */
export type CaptureStyle = 'give-back' | 'keep'

type Capture = {
  readonly plan: BodyPlan
  readonly reader: BodyReader
  readonly style: CaptureStyle
  readonly push: IncomingMessage['push']
  readonly chunks: Buffer[]
  size: number
}

const captureKey = Symbol('capture')
type Captured = IncomingMessage & { [captureKey]?: Capture | undefined }

const empty = Buffer.alloc(0)

/**
 * Collects a body on its way from node's parser into the message, before it becomes stream events:
 *
 *   parser -- push(chunk) --> [capture] ... push(null) --> onBody     and then, given back:  push(all), push(null)
 *
 * Reading the stream and unshifting does the same but for one case: an empty chunked body emits 'end' before anybody
 * behind us listens, and that reader waits for ever. Held back at the entrance, a message stays as good as new.
 */
export function captureBody(
  req: IncomingMessage,
  plan: BodyPlan,
  { reader, style }: { readonly reader: BodyReader; readonly style: CaptureStyle },
): void {
  if (hasArrived(req)) {
    takeBuffered(req, plan, reader)
    return
  }
  const capture: Capture = { plan, reader, style, push: req.push, chunks: [], size: 0 }
  const captured: Captured = req
  captured[captureKey] = capture
  if (req.readableLength > 0) add(captured, capture, readAll(req))
  if (captured[captureKey] !== capture) return
  req.push = pushIntoCapture
  if (req.complete) req.read(0)
}

/** True when node has already put the end of the message into the stream. */
function hasArrived(req: IncomingMessage): boolean {
  if (!req.complete) return false
  const state = (req as { _readableState?: { ended?: boolean } })._readableState
  return state?.ended === true
}

function readAll(req: IncomingMessage): Buffer {
  const read: unknown = req.read()
  if (typeof read === 'string') return Buffer.from(read, req.readableEncoding ?? 'utf8')
  return Buffer.isBuffer(read) ? read : empty
}

/** A message that is complete but unread: take all, put all back within the same turn, so that 'end' waits. */
function takeBuffered(req: IncomingMessage, plan: BodyPlan, reader: BodyReader): void {
  const bytes = req.readableLength > 0 ? readAll(req) : empty
  if (bytes.length > 0) req.unshift(bytes)
  if (bytes.length <= plan.collectBytes) reader.onBody(wholeBody(bytes))
  else if (plan.isBounded) reader.onBodyRejected(tooLarge('The request body is too large for its type.'))
  else reader.onBody({ bytes: bytes.subarray(0, plan.collectBytes), isCut: true, arrived: bytes, hasEnded: true })
}

const wholeBody = (bytes: Buffer): CapturedBody => ({ bytes, isCut: false, arrived: bytes, hasEnded: true })

function pushIntoCapture(this: Captured, chunk: Buffer | null): boolean {
  const capture = this[captureKey]
  if (capture === undefined) return false
  if (chunk !== null) return add(this, capture, chunk)
  const bytes = release(this, capture)
  if (capture.style === 'give-back' && bytes.length > 0) this.push(bytes)
  const hasRoom = this.push(null)
  capture.reader.onBody(wholeBody(bytes))
  return hasRoom
}

/** Takes in a chunk; true while there is room for more. */
function add(req: Captured, capture: Capture, chunk: Buffer): boolean {
  capture.chunks.push(chunk)
  capture.size += chunk.length
  const { plan, reader, size } = capture
  if (size <= plan.collectBytes) return true
  const bytes = release(req, capture)
  if (plan.isBounded) {
    reader.onBodyRejected(tooLarge('The request body is too large for its type.'))
    return true
  }
  req.push(bytes)
  reader.onBody({ bytes: bytes.subarray(0, plan.collectBytes), isCut: true, arrived: bytes, hasEnded: false })
  // Asked only now: the next reader may have emptied the stream already, and would wait for ever if told to hold back.
  return req.readableLength < req.readableHighWaterMark
}

/** Ends the capture and returns what it holds. */
function release(req: Captured, capture: Capture): Buffer {
  req[captureKey] = undefined
  req.push = capture.push
  const { chunks } = capture
  return chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks, capture.size)
}
