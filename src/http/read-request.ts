// From node's request to a RequestView, through the membrane and with a bounded body; from a verdict to the answer.
// It must not interpret bodies, judge content, or make a verdict: what it refuses is form and framing alone.
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/schema.ts'
import { parameterOf } from '../request/multipart-fields.ts'
import type { RequestView } from '../request/request-view.ts'
import type { BodyPlan } from './body-plan.ts'
import { planBody } from './body-plan.ts'
import { type CapturedBody, type CaptureStyle, captureBody } from './capture-body.ts'
import { decompress } from './decompress.ts'
import { type Head, passMembrane } from './membrane.ts'
import { type Rejection, tooLarge } from './rejection.ts'
import { digestWhole, watchMultipart } from './watch-multipart.ts'

/** A view whose body is filled in once it has been read. */
export type OpenView = { -readonly [Key in keyof RequestView]: RequestView[Key] }

/** A request whose head is known and whose body, if any, is still to be read. */
export type OpenRequest = {
  readonly kind: 'open'
  readonly head: Head
  readonly view: OpenView
  /** `null`: there is no body. */
  readonly plan: BodyPlan | null
}

export type OpenOptions = {
  readonly method: string
  readonly target: string
  readonly remoteAddress: string
  readonly receivedAtMs: number
  readonly limits: Config['request']
}

/** Reads the head of a request. */
export function openRequest(req: IncomingMessage, options: OpenOptions): OpenRequest | Rejection {
  const { method, target, limits } = options
  const { rawHeaders, httpVersion } = req
  const head = passMembrane({ method, target, httpVersion, rawHeaders }, limits)
  if (head.kind === 'rejected') return head
  const plan = planBody(head, limits)
  if (plan !== null && plan.kind === 'rejected') return plan
  const { remoteAddress, receivedAtMs } = options
  const origin = { remoteAddress, receivedAtMs, httpVersion }
  const view = { method, target: head.target, rawHeaders, body: null, isBodyCut: false, ...origin }
  return { kind: 'open', head, view, plan }
}

/** Told once how the reading of a body ended, unless the client goes away first. */
export type BodyListener = {
  /** The view is complete. `wire` is what the client sent, before decompression; the rest is in the message if cut. */
  readonly onRead: (wire: Buffer, captured: CapturedBody | null) => void
  readonly onRejected: (rejection: Rejection) => void
}

/** Reads the body of an open request into its view. */
export function readBody(
  req: IncomingMessage,
  open: OpenRequest,
  { listener, style }: { readonly listener: BodyListener; readonly style: CaptureStyle },
): void {
  const { plan, view } = open
  if (plan === null) {
    listener.onRead(nothing, null)
    return
  }
  captureBody(req, plan, {
    style,
    reader: {
      onBody: (captured) => {
        const { bytes: wire, isCut } = captured
        const bytes = isCut && captured.hasEnded ? digestOf(open, captured.arrived) : decompress(wire, plan, isCut)
        if ('kind' in bytes) {
          listener.onRejected(bytes)
          return
        }
        view.body = bytes.length === 0 ? null : bytes
        view.isBodyCut = isCut
        listener.onRead(wire, captured)
      },
      onBodyRejected: (rejection) => listener.onRejected(rejection),
    },
  })
}

const nothing = Buffer.alloc(0)

const valuesTooLarge = (): Rejection => tooLarge('The values of the multipart body are too large.')

/** What is inspected of a body beyond the limit that is there as a whole: its beginning, or its digest. */
export function digestOf({ head, plan }: OpenRequest, body: Buffer): Buffer | Rejection {
  const limit = plan?.maxInspectedBytes ?? 0
  const boundary = boundaryOf(head)
  if (boundary === null) return body.subarray(0, plan?.collectBytes ?? limit)
  return digestWhole(body, boundary, limit) ?? valuesTooLarge()
}

/**
 * Follows the rest of a cut multipart body; before the message may end, `mayEnd` is asked about all of it but the bulk
 * of its files. Of other types the rest passes unseen.
 */
export function watchRest(
  req: IncomingMessage,
  { head, view, plan }: OpenRequest,
  { begun, mayEnd }: { readonly begun: Buffer; readonly mayEnd: (seen: OpenView | Rejection) => boolean },
): void {
  const boundary = boundaryOf(head)
  if (boundary === null || plan === null) return
  watchMultipart(req, {
    boundary,
    begun,
    maxBytes: plan.maxInspectedBytes,
    mayEnd: (digest) => mayEnd(digest === null ? valuesTooLarge() : { ...view, body: digest }),
  })
}

function boundaryOf({ contentType }: Head): string | null {
  if (contentType === null || !/^\s*multipart\//i.test(contentType)) return null
  const boundary = parameterOf(contentType, 'boundary')
  return boundary === '' ? null : boundary
}
