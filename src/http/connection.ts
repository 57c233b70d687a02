import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const closingKey = Symbol('closing')
type Marked = Socket & { [closingKey]?: true }

/** How long a closed connection still swallows what the client sends, so that the answer is not lost to a reset. */
const lingerMs = 1_000

/** True when the connection ends with an answer already decided: nothing further on it is a request. */
export function isClosing(socket: Socket): boolean {
  return (socket as Marked)[closingKey] === true
}

/**
 * Ends the connection after this answer. What the client has pipelined behind is never treated as a request: after a
 * doubtful one nobody knows where the next begins.
 */
export function closeAfter(res: ServerResponse): void {
  const { socket } = res
  if (socket === null || isClosing(socket)) return
  ;(socket as Marked)[closingKey] = true
  socket.destroySoon = linger
}

/** Replaces `destroySoon` of one socket: says goodbye, reads on for a moment, then destroys. */
function linger(this: Socket): void {
  this.end()
  const timer = setTimeout(destroySocket, lingerMs, this)
  timer.unref()
  this.once('end', () => {
    clearTimeout(timer)
    this.destroy()
  })
}

function destroySocket(socket: Socket): void {
  socket.destroy()
}
