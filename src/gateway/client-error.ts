import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isClosing } from '../http/connection.ts'
import { rawProblem } from '../http/write-verdict.ts'

const turnsKey = Symbol('turns')
type OpenTurn = { readonly req: IncomingMessage; readonly res: ServerResponse }
type Known = Socket & { [turnsKey]?: OpenTurn[] }

/** Remembers which answers a connection still owes. */
export function noteTurn(socket: Socket, turn: OpenTurn): void {
  const known: Known = socket
  const turns = known[turnsKey]
  if (turns === undefined) known[turnsKey] = [turn]
  else turns.push(turn)
}

export function endTurn(socket: Socket, turn: OpenTurn): void {
  const turns = (socket as Known)[turnsKey]
  if (turns === undefined) return
  if (turns.length === 1 && turns[0] === turn) turns.pop()
  else (socket as Known)[turnsKey] = turns.filter((open) => open !== turn)
}

/** True while an answer to an earlier request of this connection is still owed. */
export function owesAnswer(socket: Socket): boolean {
  return ((socket as Known)[turnsKey]?.length ?? 0) > 0
}

/** Ends a connection and all exchanges on it; node tells only the answer whose turn it is that the connection is gone. */
export function breakOff(socket: Socket): void {
  const turns = (socket as Known)[turnsKey] ?? []
  socket.on('error', () => socket.destroy())
  socket.destroy()
  for (const { res } of turns) if (res.socket === null) res.emit('close')
}

/** Answers what node's parser refused, as problem+json, and closes; returns the status, 0 when nothing was said. */
export function answerClientError(error: Error, socket: Socket): number {
  if (socket.destroyed || isClosing(socket)) return 0
  if (!socket.writable || !isFree((socket as Known)[turnsKey] ?? [])) {
    socket.destroy()
    return 0
  }
  const { status, detail } = describe(error)
  socket.end(rawProblem(status, detail), 'latin1', () => socket.destroySoon())
  return status
}

/** True when an answer written now cannot be taken for the answer to an earlier request. */
function isFree(turns: readonly OpenTurn[]): boolean {
  const [only] = turns
  if (only === undefined) return true
  return turns.length === 1 && !only.req.complete && !only.res.headersSent
}

function describe(error: Error): { status: number; detail: string } {
  switch ('code' in error ? error.code : '') {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, detail: 'The request did not arrive in time.' }
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, detail: 'The request headers are too large.' }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, detail: 'The chunk extensions of the request are too large.' }
    default:
      return { status: 400, detail: 'The request is not valid HTTP.' }
  }
}
