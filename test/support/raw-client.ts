import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back on a raw connection. */
export type RawAnswer = {
  /** Status of the first answer; 0 when nothing came. */
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Everything, as latin-1. */
  readonly text: string
  /** Whether the other side closed the connection. */
  readonly isClosed: boolean
}

export type SendOptions = {
  readonly port: number
  /** Stop listening once this many answers are complete (by Content-Length or chunks); default 1. */
  readonly answers?: number
  /** Wait for the other side to close. */
  readonly untilClosed?: boolean
}

/** Sends bytes as they are (text is latin-1) and reads what comes back. */
export async function sendRaw(
  bytes: string | Buffer,
  { port, answers = 1, untilClosed = false }: SendOptions,
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  return await readAnswers(socket, { answers, untilClosed })
}

/** Reads answers from a socket, then destroys it. */
export async function readAnswers(
  socket: Socket,
  { answers, untilClosed }: { readonly answers: number; readonly untilClosed: boolean },
): Promise<RawAnswer> {
  let text = ''
  let isClosed = false
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!untilClosed && splitAnswers(text).length >= answers) resolve()
    })
    socket.on('error', () => resolve())
    socket.on('end', () => {
      isClosed = true
      resolve()
    })
    socket.on('close', () => {
      isClosed = true
      resolve()
    })
  })
  socket.destroy()
  const [first] = splitAnswers(text)
  return { ...parseHead(first ?? text), body: bodyOf(first ?? text), text, isClosed }
}

/** Complete answers within a text; heads that announce no length count up to the next head or the end. */
export function splitAnswers(text: string): string[] {
  const found: string[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return found
    const { status, headers } = parseHead(rest)
    const length = status === 304 || status === 204 || status < 200 ? 0 : Number(headers.get('content-length') ?? -1)
    let size = -1
    if (length >= 0) size = end + 4 + length
    else if (headers.get('transfer-encoding') === 'chunked') {
      const last = rest.indexOf('0\r\n\r\n', end)
      size = last < 0 ? -1 : last + 5
    }
    if (size < 0 || size > rest.length) return found
    if (status >= 200) found.push(rest.slice(0, size))
    rest = rest.slice(size)
  }
}

function parseHead(text: string): { status: number; headers: Map<string, string> } {
  const lines = text.slice(0, Math.max(0, text.indexOf('\r\n\r\n'))).split('\r\n')
  const headers = new Map<string, string>()
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), headers }
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}
