// From node's request to a RequestView, through the membrane and with a bounded body; from a verdict to the answer.
// It must not interpret bodies, judge content, or make a verdict: what it refuses is form and framing alone.
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/schema.ts'
import type { RequestView } from '../request/request-view.ts'
import type { BodyPlan } from './body-plan.ts'
import { planBody } from './body-plan.ts'
import { type CaptureStyle, captureBody } from './capture-body.ts'
import { decompress } from './decompress.ts'
import { type Head, passMembrane } from './membrane.ts'
import type { Rejection } from './rejection.ts'

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
  const view = { method, target: head.target, rawHeaders, body: null, isBodyCut: false, remoteAddress, receivedAtMs }
  return { kind: 'open', head, view, plan }
}

/** Told once how the reading of a body ended, unless the client goes away first. */
export type BodyListener = {
  /** The view is complete. `wire` is what the client sent, before decompression; the rest is in the message if cut. */
  readonly onRead: (wire: Buffer) => void
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
    listener.onRead(nothing)
    return
  }
  captureBody(req, plan, {
    style,
    reader: {
      onBody: (wire, isCut) => {
        const bytes = decompress(wire, plan, isCut)
        if ('kind' in bytes) {
          listener.onRejected(bytes)
          return
        }
        view.body = bytes.length === 0 ? null : bytes
        view.isBodyCut = isCut
        listener.onRead(wire)
      },
      onBodyRejected: (rejection) => listener.onRejected(rejection),
    },
  })
}

const nothing = Buffer.alloc(0)
