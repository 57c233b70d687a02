import { createServer, type Server, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

/**
 * The floor that the gateway is measured against: node:http in front, undici's `dispatch` behind, bytes streamed both
 * ways with back-pressure, hop-by-hop headers dropped, and nothing else. Not a proxy to run: it trusts everybody.
 */
export function createBareProxy(upstreamUrl: string): { readonly server: Server; readonly close: () => Promise<void> } {
  const pool = new Pool(upstreamUrl, { connections: 256, pipelining: 1, allowH2: false })
  const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
    const hasBody = req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
    const options = {
      path: req.url ?? '/',
      method: (req.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: forwardedHeaders(req.rawHeaders),
      body: hasBody ? req : null,
    }
    pool.dispatch(options, new Answer(res))
  })
  return {
    server,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await pool.destroy()
    },
  }
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'])

function forwardedHeaders(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!hopByHop.has(name.toLowerCase())) headers.push(name, raw[index + 1] ?? '')
  }
  return headers
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #res: ServerResponse
  #controller: Dispatcher.DispatchController | null = null

  constructor(res: ServerResponse) {
    this.#res = res
    res.on('close', () => {
      if (!res.writableFinished) this.#controller?.abort(new Error('the client went away'))
    })
    res.on('drain', () => this.#controller?.resume())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, text?: string): void {
    if (status < 200) return
    const raw = (controller.rawHeaders ?? []) as Buffer[]
    const headers: string[] = []
    for (let index = 0; index < raw.length; index += 2) {
      const name = raw[index]?.toString('latin1') ?? ''
      if (!hopByHop.has(name.toLowerCase())) headers.push(name, raw[index + 1]?.toString('latin1') ?? '')
    }
    this.#res.writeHead(status, text ?? '', headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#res.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    this.#res.end()
  }

  onResponseError(_controller: unknown, _error: Error): void {
    if (this.#res.headersSent) this.#res.destroy()
    else this.#res.writeHead(502).end()
  }
}

export type BareProxy = ReturnType<typeof createBareProxy>
