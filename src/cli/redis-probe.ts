import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** What a Redis server says of itself, asked in plain RESP2 (https://redis.io/docs/latest/develop/reference/protocol-spec). */
export type RedisProbe = {
  /** `null` when it may not be asked. */
  readonly evictionPolicy: string | null
}

const timeoutMs = 3_000
const maxReplyBytes = 65_536
const foreign = 'it does not speak the protocol of Redis'

/** Signs in, pings, asks for the eviction policy. Rejects when it cannot be reached or refuses. */
export async function probeRedis(url: string): Promise<RedisProbe> {
  const { hostname, port, protocol, username, password } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const address = { host, port: port === '' ? 6379 : Number(port) }
  const socket = protocol === 'rediss:' ? connectTls({ ...address, servername: host }) : connectTcp(address)
  const secret = decodeURIComponent(password)
  const user = decodeURIComponent(username)
  const signIn = secret === '' ? [] : [user === '' ? ['AUTH', secret] : ['AUTH', user, secret]]
  const commands = [...signIn, ['PING'], ['CONFIG', 'GET', 'maxmemory-policy']]
  try {
    const replies = await ask(socket, commands)
    const refused = replies.slice(0, -1).find((reply) => reply.startsWith('-'))
    if (refused !== undefined) throw new Error(refused.slice(1).split('\r\n')[0])
    return { evictionPolicy: policyIn(replies.at(-1) ?? '') }
  } finally {
    socket.destroy()
  }
}

function policyIn(reply: string): string | null {
  return /maxmemory-policy\r\n\$\d+\r\n([\w-]+)\r\n/.exec(reply)?.[1] ?? null
}

function ask(socket: Socket, commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    let received = ''
    socket.setTimeout(timeoutMs, () => reject(new Error(`it did not answer within ${timeoutMs} ms`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('it closed the connection')))
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      const replies = splitReplies(received)
      if (replies === undefined) return reject(new Error(foreign))
      if (replies.length >= commands.length) resolve(replies)
      else if (received.length > maxReplyBytes) reject(new Error(foreign))
    })
    socket.write(commands.map(encode).join(''))
  })
}

function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`
}

/** Complete replies from the start of the text: status, error, number, bulk string, array. `undefined` for anything else. */
function splitReplies(text: string): readonly string[] | undefined {
  const replies: string[] = []
  let at = 0
  while (at < text.length) {
    if (!'+-:$*'.includes(text.charAt(at))) return undefined
    const end = replyEnd(text, at)
    if (end === undefined) break
    replies.push(text.slice(at, end))
    at = end
  }
  return replies
}

function replyEnd(text: string, start: number): number | undefined {
  const lineEnd = text.indexOf('\r\n', start)
  if (lineEnd === -1) return undefined
  const size = Number(text.slice(start + 1, lineEnd))
  let end = lineEnd + 2
  if (text[start] === '$' && size >= 0) end += size + 2
  if (text[start] === '*') {
    for (let item = 0; item < Math.min(size, 64); item += 1) {
      const next = replyEnd(text, end)
      if (next === undefined) return undefined
      end = next
    }
  }
  return end <= text.length ? end : undefined
}
