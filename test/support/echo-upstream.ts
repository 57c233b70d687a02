import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it reached the upstream. */
export type Arrived = {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export type EchoUpstream = {
  readonly url: string
  readonly port: number
  readonly server: Server
  /** Whole requests, oldest first. */
  readonly arrived: Arrived[]
  /** How many request heads came in, whole or not. */
  readonly heads: () => number
  readonly close: () => Promise<void>
}

/** A real HTTP server that keeps what it gets and answers `ok <method> <bytes of body>`. */
export async function startEchoUpstream(): Promise<EchoUpstream> {
  const arrived: Arrived[] = []
  let heads = 0
  const server = createServer((req, res) => {
    heads += 1
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('error', () => undefined)
    req.on('end', () => {
      const { method = '', url = '', rawHeaders, headers } = req
      const body = Buffer.concat(chunks)
      arrived.push({ method, url, rawHeaders, headers, body })
      const text = `ok ${method} ${body.length}`
      res.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length })
      res.end(text)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    arrived,
    heads: () => heads,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
