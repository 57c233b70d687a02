/**
 * Sends one load over raw sockets for a while, as often as it is told to, and reports what came back. It is so light that
 * it waits for the server in every comparison: were it the bottleneck for one contender and idle for the other, the
 * kernel would charge the wake-ups to the slower one alone.
 */
import { connect, type Socket } from 'node:net'
import { quantile } from '../benchmark.ts'
import { type LoadName, type LoadRequest, makeLoad } from './loads.ts'

type Order = { readonly port: number; readonly load: LoadName; readonly seconds: number }

const connections = 64
/** Requests of one load; each comes from a client of its own. */
const variety = 5_000
const headEnd = Buffer.from('\r\n\r\n')

function wireOf({ method, path, headers, body = '' }: LoadRequest): Buffer {
  const framing = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ ...headers, ...framing }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** Length of a whole answer at the start of the bytes, 0 while it is not whole. Answers carry a Content-Length. */
function answerLength(bytes: Buffer): number {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return 0
  const head = bytes.toString('latin1', 0, end)
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without Content-Length: ${head.slice(0, 200)}`)
  const whole = end + headEnd.length + Number(length)
  return bytes.length >= whole ? whole : 0
}

/** One connection: the next request leaves when the last one is answered. */
class Line {
  answered = 0
  other = 0
  readonly latenciesMs: number[] = []
  readonly #wires: readonly Buffer[]
  readonly #socket: Socket
  #next: number
  #sentAtMs = 0
  #pending: Buffer = Buffer.alloc(0)
  isOver = false

  constructor(port: number, wires: readonly Buffer[], first: number) {
    this.#wires = wires
    this.#next = first
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => this.#send())
    this.#socket.on('data', (chunk) => this.#take(chunk))
    this.#socket.on('error', () => {
      this.other += 1
    })
  }

  end(): void {
    this.isOver = true
    this.#socket.destroy()
  }

  #send(): void {
    this.#sentAtMs = performance.now()
    this.#socket.write(this.#wires[this.#next % this.#wires.length] as Buffer)
    this.#next += 1
  }

  #take(chunk: Buffer): void {
    if (this.isOver) return
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const length = answerLength(this.#pending)
    if (length === 0) return
    if (this.#pending[9] === 0x32) this.answered += 1
    else this.other += 1
    this.latenciesMs.push(performance.now() - this.#sentAtMs)
    this.#pending = this.#pending.subarray(length)
    this.#send()
  }
}

process.on('message', (message) => {
  const { port, load, seconds } = message as Order
  const wires = makeLoad(load, variety, 11).map(wireOf)
  const startMs = performance.now()
  const lines = Array.from({ length: connections }, (_, index) => new Line(port, wires, index * 7))
  setTimeout(() => {
    const elapsed = (performance.now() - startMs) / 1_000
    for (const line of lines) line.end()
    const sum = (read: (line: Line) => number): number => lines.reduce((total, line) => total + read(line), 0)
    process.send?.({
      answered: sum(({ answered }) => answered),
      other: sum(({ other }) => other),
      seconds: elapsed,
      p99Ms: quantile(
        lines.flatMap(({ latenciesMs }) => latenciesMs),
        0.99,
      ),
    })
  }, seconds * 1_000)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: 0 })
