import { configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import type { Transaction } from '../../src/innate/seclang/run/transaction.ts'
import { type Answer, exchange } from './exchange.ts'
import type { LoggedRule } from './judge.ts'
import { lenientView } from './lenient-view.ts'
import { openProgram } from './open-program.ts'
import { createRecordingEngine } from './recording-engine.ts'
import type { Surface } from './surface.ts'

export type ThymusSurfaceOptions = {
  /** Text of the main SecLang file. */
  readonly rules: string
  readonly backendPort: number
  readonly silenceMs: number
}

/**
 * The real gateway on a real socket, with the program in place of all layers. The answer's phases are given what came
 * back over the wire.
 */
export async function startThymusSurface({ rules, backendPort, silenceMs }: ThymusSurfaceOptions): Promise<Surface> {
  const { begin } = openProgram(rules)
  const engine = createRecordingEngine(begin)
  const config = configSchema.parse({ listen: { host: '127.0.0.1', port: 0 } })
  const upstream = `http://127.0.0.1:${backendPort}`
  const gateway = createGateway({ config, engine, clock: systemClock, emit: () => undefined, upstream })
  const { port } = await gateway.listen()
  return {
    name: 'Thymus',
    send: async (bytes) => {
      engine.take()
      const answer = await exchange(bytes, { port, silenceMs })
      const [transaction] = engine.take()
      if (transaction === undefined) return { ...answer, isRefused: answer.status >= 400, logged: [] }
      if (!answer.isError) finish(transaction, answer)
      return { ...answer, isRefused: false, logged: loggedBy(transaction) }
    },
    sendLeniently: async (bytes) => {
      const view = lenientView(bytes)
      if (view === null) return null
      const transaction = begin(view)
      transaction.requestHead()
      transaction.requestBody()
      const answer: Answer = { status: 200, headers: [], body: '', isError: false }
      finish(transaction, answer)
      return { ...answer, isRefused: false, logged: loggedBy(transaction) }
    },
    close: gateway.close,
  }
}

function finish(transaction: Transaction, { status, headers, body }: Answer): void {
  transaction.responseHead(status, headers.flat(), 'HTTP/1.1')
  transaction.responseBody(Buffer.from(body, 'latin1'))
  transaction.log()
}

function loggedBy(transaction: Transaction): LoggedRule[] {
  return transaction.matches
    .filter(({ isLogged }) => isLogged)
    .map(({ rule, message, logData }) => ({ id: rule.flow.number, message, data: logData }))
}
