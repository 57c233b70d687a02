import { parameterOf } from '../request/multipart-fields.ts'

/**
 * A multipart body (RFC 2046) while it streams by, without the bulk of its files: every delimiter, every part's head,
 * values whole, and of each file the beginning. What is kept is again a multipart body and can be inspected as one.
 *
 *   preamble -- delimiter --> head -- blank line --> value | file -- delimiter --> head ...
 */
export type MultipartDigest = {
  readonly push: (chunk: Buffer) => void
  /** True when more than the limit had to be kept; what was kept is then incomplete. */
  readonly isTooLarge: () => boolean
  readonly bytes: () => Buffer
}

export type DigestLimits = {
  /** Bytes of all that is kept. */
  readonly maxBytes: number
  /** Bytes kept of one file. */
  readonly maxFileBytes: number
}

type State = 'preamble' | 'head' | 'value' | 'file'

const endOfHead = Buffer.from('\r\n\r\n', 'latin1')
/** A head that does not end by then is kept as a value. */
const maxHeadBytes = 8_192
const empty: Buffer = Buffer.alloc(0)
const disposition = /^content-disposition:[^\r\n]*/im

/** In doubt a value, which is kept whole. */
function isFile(head: string): boolean {
  const line = disposition.exec(head)?.[0]
  return line !== undefined && (parameterOf(line, 'filename') ?? parameterOf(line, 'filename*')) !== null
}

export function createMultipartDigest(boundary: string, limits: DigestLimits): MultipartDigest {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const kept: Buffer[] = []
  let size = 0
  let state: State = 'preamble'
  let fileBytes = 0
  /** Bytes that may be the beginning of a delimiter, or of the blank line after a head. */
  let rest = empty

  const keep = (bytes: Buffer): void => {
    let wanted = bytes
    if (state === 'preamble') return
    if (state === 'file') {
      wanted = bytes.subarray(0, Math.max(0, limits.maxFileBytes - fileBytes))
      fileBytes += bytes.length
    }
    size += wanted.length
    if (wanted.length > 0 && size <= limits.maxBytes) kept.push(Buffer.from(wanted))
  }

  /** Takes what can be told of the bytes at hand; returns how many. */
  const readHead = (bytes: Buffer): number => {
    const end = bytes.indexOf(endOfHead)
    if (end === -1 && bytes.length < maxHeadBytes) return 0
    const length = end === -1 ? bytes.length : end + endOfHead.length
    keep(bytes.subarray(0, length))
    state = end !== -1 && isFile(bytes.toString('latin1', 0, end)) ? 'file' : 'value'
    fileBytes = 0
    return length
  }

  const readContent = (bytes: Buffer): number => {
    const at = bytes.indexOf(delimiter)
    if (at === -1) {
      const length = Math.max(0, bytes.length - delimiter.length - 1)
      keep(bytes.subarray(0, length))
      return length
    }
    const before = at >= 2 && bytes[at - 2] === 13 && bytes[at - 1] === 10 ? at - 2 : at
    keep(bytes.subarray(0, before))
    state = 'head'
    keep(bytes.subarray(before, at + delimiter.length))
    return at + delimiter.length
  }

  const push = (chunk: Buffer): void => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const taken = state === 'head' ? readHead(bytes) : readContent(bytes)
      if (taken === 0) break
      bytes = bytes.subarray(taken)
    }
    rest = Buffer.from(bytes)
  }

  return {
    push,
    isTooLarge: () => size > limits.maxBytes,
    bytes: () => {
      // What still waits is the end of the body: the closing dashes, or a part that was broken off.
      keep(rest)
      rest = empty
      return Buffer.concat(kept)
    },
  }
}
