import type { ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { type ClientHeaders, reasonPhrase } from './client-headers.ts'

/** Up to here node is given text, which it joins with the head into one write; latin-1 keeps every byte. */
const maxJoinedBytes = 16_384

export type AnswerStart = {
  readonly status: number
  readonly reason: string | undefined
  readonly headers: ClientHeaders
  /** Ends the connection with the answer. */
  readonly isLast: boolean
}

/**
 * An answer on its way to the client. Head and first piece are held for the rest of the turn, since most answers end
 * with it and then take one write.
 */
export class ClientAnswer {
  readonly #res: ServerResponse
  #held: Buffer | null = null
  #isHeadHeld = false
  #hasDrainListener = false

  constructor(res: ServerResponse) {
    this.#res = res
  }

  start({ status, reason, headers, isLast }: AnswerStart): void {
    const { flat, isEventStream } = headers
    if (isLast) flat.push('connection', 'close')
    this.#res.writeHead(status, reasonPhrase(reason), flat)
    if (isEventStream) {
      this.#res.flushHeaders()
      return
    }
    this.#isHeadHeld = true
    process.nextTick(flushHead, this)
  }

  write(chunk: Buffer, controller: Dispatcher.DispatchController): void {
    if (this.#isHeadHeld && this.#held === null) {
      this.#held = chunk
      return
    }
    this.flushHead()
    if (this.#res.write(chunk) || this.#res.destroyed) return
    controller.pause()
    if (this.#hasDrainListener) return
    this.#hasDrainListener = true
    this.#res.on('drain', () => controller.resume())
  }

  end(trailers: [string, string][] | null): void {
    if (trailers !== null) this.#res.addTrailers(trailers)
    this.#isHeadHeld = false
    const held = this.#held
    if (held === null) this.#res.end()
    else if (held.length > maxJoinedBytes) this.#res.end(held)
    else this.#res.end(held.toString('latin1'), 'latin1')
  }

  /** Sends what is held, so that a slow upstream's head does not wait for its body. */
  flushHead(): void {
    if (!this.#isHeadHeld) return
    this.#isHeadHeld = false
    const held = this.#held
    this.#held = null
    if (this.#res.destroyed) return
    if (held === null) this.#res.flushHeaders()
    else this.#res.write(held)
  }
}

function flushHead(answer: ClientAnswer): void {
  answer.flushHead()
}
