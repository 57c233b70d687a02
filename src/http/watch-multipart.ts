import type { IncomingMessage } from 'node:http'
import { createMultipartDigest } from './multipart-digest.ts'

export type MultipartWatch = {
  readonly boundary: string
  /** What has come in already. */
  readonly begun: Buffer
  readonly maxBytes: number
  /** Asked once with the digest (`null`: its values alone are too large) before the message may end; true lets it. */
  readonly mayEnd: (digest: Buffer | null) => boolean
}

/** Bytes of each file that are inspected. */
const maxFileBytes = 65_536

/**
 * Follows the rest of a multipart body on its way into the message and holds back its last chunk until everything in it
 * but the bulk of its files has been looked at: whoever reads the message never has the whole of what is refused, even
 * where its length was announced.
 */
export function watchMultipart(req: IncomingMessage, { boundary, begun, maxBytes, mayEnd }: MultipartWatch): void {
  const digest = createMultipartDigest(boundary, { maxBytes, maxFileBytes })
  const push = req.push
  digest.push(begun)
  let last: Buffer | null = null
  req.push = function pushWatched(chunk: Buffer | null): boolean {
    if (chunk !== null) {
      digest.push(chunk)
      const before = last
      last = chunk
      return before === null || push.call(req, before)
    }
    req.push = push
    const bytes = digest.bytes()
    if (!mayEnd(digest.isTooLarge() ? null : bytes)) return false
    if (last !== null) push.call(req, last)
    return push.call(req, null)
  }
}

/** The digest of a body that is there as a whole; `null` when its values alone are too large. */
export function digestWhole(body: Buffer, boundary: string, maxBytes: number): Buffer | null {
  const digest = createMultipartDigest(boundary, { maxBytes, maxFileBytes })
  digest.push(body)
  const bytes = digest.bytes()
  return digest.isTooLarge() ? null : bytes
}
