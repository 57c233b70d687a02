// One request over a socket of its own, byte for byte, and what came back.
import { once } from 'node:events'
import { connect } from 'node:net'

export type Answer = {
  /** 0: no answer came, or none that could be read. */
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** One character per byte. */
  readonly body: string
  /** The peer hung up, or said nothing in time. */
  readonly isError: boolean
}

export type ExchangeOptions = {
  readonly port: number
  /** Silence after which an exchange counts as failed. */
  readonly silenceMs: number
}

export async function exchange(bytes: Buffer, { port, silenceMs }: ExchangeOptions): Promise<Answer> {
  const socket = connect({ port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  socket.setNoDelay(true)
  socket.setTimeout(silenceMs, () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    if (isComplete(Buffer.concat(chunks).toString('latin1'))) socket.destroy()
  })
  socket.on('end', () => socket.destroy())
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return readAnswer(Buffer.concat(chunks).toString('latin1'))
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const head = text.slice(0, end)
  if (/^HTTP\/1\.[01] 1\d\d/.test(head)) return isComplete(text.slice(end + 4))
  if (/^HTTP\/1\.[01] (?:204|304)/.test(head)) return true
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return text.length >= end + 4 + Number(length)
  return /\r\ntransfer-encoding: *chunked/i.test(head) && text.endsWith('0\r\n\r\n')
}

export function readAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n')
  const lines = (end < 0 ? text : text.slice(0, end)).split('\r\n')
  const status = Number(/^HTTP\/\d\.\d (\d{3})/.exec(lines[0] ?? '')?.[1] ?? 0)
  if (status >= 100 && status < 200 && end >= 0) return readAnswer(text.slice(end + 4))
  const headers = lines.slice(1).map((line): readonly [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status, headers, body: end < 0 ? '' : text.slice(end + 4), isError: status === 0 }
}
