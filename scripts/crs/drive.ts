// Sends requests over a few kept-alive connections, one at a time on each, and counts the answers.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { LoadRequest } from '../../test/bench/end-to-end/loads.ts'

export function wireOf({ method, path, headers, body = '' }: LoadRequest): Buffer {
  const framing = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ ...headers, ...framing }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

export type DriveOptions = { readonly port: number; readonly count: number; readonly connections: number }

/** Every answer has to be a 200, else the figures mean nothing. */
export async function drive(wires: readonly Buffer[], { port, count, connections }: DriveOptions): Promise<void> {
  let sent = 0
  const next = (): Buffer | null => {
    if (sent >= count) return null
    sent += 1
    return wires[sent % wires.length] ?? null
  }
  await Promise.all(Array.from({ length: connections }, () => driveOne(port, next)))
}

async function driveOne(port: number, next: () => Buffer | null): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let pending = ''
  let failure: Error | null = null
  const turn = (): void => {
    const wire = next()
    if (wire === null) socket.destroy()
    else socket.write(wire)
  }
  socket.on('error', (error) => {
    failure = error
  })
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1')
    const length = answerLength(pending)
    if (length === 0) return
    if (!pending.startsWith('HTTP/1.1 200')) {
      failure = new Error(`an answer that is no 200: ${pending.slice(0, 80)}`)
      socket.destroy()
      return
    }
    pending = pending.slice(length)
    turn()
  })
  turn()
  await once(socket, 'close')
  if (failure !== null) throw failure
}

function answerLength(text: string): number {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const whole = end + 4 + Number(/content-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
  return text.length >= whole ? whole : 0
}
