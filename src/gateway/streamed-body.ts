import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** The client sent more than `request.maxBodyBytes`. */
export class BodyTooLargeError extends Error {}

/**
 * The body of a message as a stream of its own: when the upstream answers early or breaks off, this stream is
 * destroyed and the client's connection, which still waits for its answer, is not.
 */
export function streamBody(req: IncomingMessage, maxBytes: number): Readable {
  let total = 0
  const body = new Readable({ read: () => req.resume() })
  const onData = (chunk: Buffer): void => {
    total += chunk.length
    if (total > maxBytes) body.destroy(new BodyTooLargeError())
    else if (!body.push(chunk)) req.pause()
  }
  const onEnd = (): void => {
    body.push(null)
  }
  const onClose = (): void => {
    if (!req.readableEnded) body.destroy(new Error('the client went away'))
  }
  body.once('close', () => {
    req.off('data', onData).off('end', onEnd).off('close', onClose)
    req.resume()
  })
  req.on('data', onData).on('end', onEnd).on('close', onClose)
  return body
}
