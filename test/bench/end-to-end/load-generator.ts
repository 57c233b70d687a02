/**
 * Sends one load over raw sockets for a while, as often as it is told to, and reports what came back: either as fast as
 * the answers come (how much a server can take), or at a fixed rate (what a request costs it). Only at equal rates can
 * the CPU time of two servers be compared: the faster one is spared wake-ups that the kernel charges to the slower one.
 */
import { connect, type Socket } from 'node:net'
import { quantile } from '../benchmark.ts'
import { type LoadName, type LoadRequest, makeLoad } from './loads.ts'

type Order = {
  readonly port: number
  readonly load: LoadName
  readonly seconds: number
  /** Requests per second; `null` for as fast as the answers come. */
  readonly rate: number | null
}

const connections = 64
/** Requests of one load; each comes from a client of its own. */
const variety = 5_000
/** Requests of a fixed rate leave in small groups, one every so many milliseconds. */
const paceMs = 2
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

/** One connection with at most one request on it. */
class Line {
  answered = 0
  other = 0
  readonly latenciesMs: number[] = []
  readonly #wires: readonly Buffer[]
  readonly #socket: Socket
  readonly #isPaced: boolean
  #next: number
  #sentAtMs = 0
  #pending: Buffer = Buffer.alloc(0)
  isOver = false
  isIdle = false

  constructor(port: number, wires: readonly Buffer[], options: { readonly first: number; readonly isPaced: boolean }) {
    this.#wires = wires
    this.#next = options.first
    this.#isPaced = options.isPaced
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => this.#turn())
    this.#socket.on('data', (chunk) => this.#take(chunk))
    this.#socket.on('error', () => {
      this.other += 1
    })
  }

  end(): void {
    this.isOver = true
    this.#socket.destroy()
  }

  #turn(): void {
    if (this.#isPaced) this.isIdle = true
    else this.send()
  }

  send(): void {
    this.isIdle = false
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
    this.#turn()
  }
}

/** Sends what is due by now over lines that are free; what finds none is late and leaves with the next group. */
function startPace(lines: readonly Line[], rate: number): () => void {
  const startMs = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1_000) * rate) - sent
    for (const line of lines.filter(({ isIdle }) => isIdle).slice(0, due)) {
      line.send()
      sent += 1
    }
  }, paceMs)
  return () => clearInterval(timer)
}

process.on('message', (message) => {
  const { port, load, seconds, rate } = message as Order
  const wires = makeLoad(load, variety, 11).map(wireOf)
  const startMs = performance.now()
  const lines = Array.from(
    { length: connections },
    (_, index) => new Line(port, wires, { first: index * 7, isPaced: rate !== null }),
  )
  const stopPace = rate === null ? () => undefined : startPace(lines, rate)
  setTimeout(() => {
    const elapsed = (performance.now() - startMs) / 1_000
    stopPace()
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
