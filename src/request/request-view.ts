/** A request as it came off the wire, before anything was made of it. Header text is latin-1, as node:http gives it. */
export type RequestView = {
  readonly method: string
  /** Request target as received: `/orders/7?page=2`. */
  readonly target: string
  /** Names and values in turn, in wire order. */
  readonly rawHeaders: readonly string[]
  /** The bytes that are inspected; `null` when the request has none. */
  readonly body: Uint8Array | null
  /** True when the body went on beyond what `body` holds (opaque types that are streamed). */
  readonly isBodyCut: boolean
  /** Address of the peer socket, without port. */
  readonly remoteAddress: string
  readonly receivedAtMs: number
  /** `1.0`, `1.1`, `2`; 1.1 where it is not said. */
  readonly httpVersion?: string
  /** Where the engine keeps what it read of the head between `admit` and `inspect`; nobody else touches it. */
  notes?: unknown
}
