import type { BodyProcessor } from '../program.ts'

/** One member of a variable: `ARGS:q` is `{ key: 'q', value: ... }`; a variable without keys has one member with key ''. */
export type Member = { readonly key: string; readonly value: string }

/**
 * What a request and its answer hold, under the names of the ModSecurity reference manual. Everything is a byte string
 * (one character per byte). Members are worked out when first asked for; the same call gives the same array until
 * `readBody` or an answer changes it.
 */
export type MessageVariables = {
  /**
   * Members of a variable by its upper-case name (`ARGS`, `ARGS_NAMES`, `REQUEST_HEADERS`, `FILES_COMBINED_SIZE`,
   * `MULTIPART_STRICT_ERROR`, ...), in wire order. Empty when it is absent. `isKnownVariable` says which names there are.
   */
  readonly members: (name: string) => readonly Member[]
  /** Text of the nodes and attributes that an XPath of `XML` selects (`/*`, `//@*`). */
  readonly xml: (path: string) => readonly Member[]
  /** Reads the body, between phases 1 and 2. Without a processor by what `ctl` said, the content type decides. */
  readonly readBody: (options: { readonly processor: BodyProcessor | null; readonly isForced: boolean }) => void
  /** Whether the body that was read has more arguments or parts than were taken from it. */
  readonly isCutShort: () => boolean
  readonly setResponseHead: (status: number, rawHeaders: readonly string[], protocol: string) => void
  readonly setResponseBody: (body: Uint8Array) => void
}
