import { parameterOf } from '../request/multipart-fields.ts'

/**
 * A multipart body (RFC 2046) while it streams by, without the bulk of its files: every delimiter, every part's head,
 * values and what stands around the parts whole, and of each file the beginning. What is kept is again a multipart body and can be inspected as one.
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
/** The one form that all parsers read alike: no escaped quote, no line that goes on, no parameter but these. */
const fileDisposition =
  /^content-disposition:[ \t]*[\w-]+(?:[ \t]*;[ \t]*(?:name|filename|filename\*)=(?:"[^"\\\r\n]*"|[\w!#$&'.^%+-]+))*[ \t]*$/i

/**
 * Whether the head is that of a file to every server. In doubt a value, which is kept whole: a head that one parser
 * takes for a file and another for a value would be a place to hide behind.
 */
function isFile(head: string): boolean {
  if (!head.startsWith('\r\n')) return false
  const lines = head.split('\r\n').filter((line) => /disposition/i.test(line) || /^[ \t]|\n|\r/.test(line))
  const [line] = lines
  if (line === undefined || lines.length !== 1 || !fileDisposition.test(line)) return false
  const name = parameterOf(line, 'filename') ?? parameterOf(line, 'filename*')
  return name !== null && name !== ''
}

export function createMultipartDigest(boundary: string, limits: DigestLimits): MultipartDigest {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const kept: Buffer[] = []
  let size = 0
  let state: State = 'preamble'
  let fileBytes = 0
  /** The last delimiter stood at the beginning of a line, where every server sees it. */
  let isLine = true
  /** Bytes that may be the beginning of a delimiter, or of the blank line after a head. */
  let rest = empty

  const keep = (bytes: Buffer): void => {
    let wanted = bytes
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
    state = end !== -1 && isLine && isFile(bytes.toString('latin1', 0, end)) ? 'file' : 'value'
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
    const isAfterLine = at >= 2 && bytes[at - 2] === 13 && bytes[at - 1] === 10
    const before = isAfterLine ? at - 2 : at
    isLine = isAfterLine || (at === 0 && size === 0)
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
