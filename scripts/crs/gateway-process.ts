// A gateway in a process of its own, so that its CPU time can be told apart: started by `measure-cost.ts` with the path
// of a SecLang file, or without one for the bare gateway. Answers every message with its CPU time and memory.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { openProgramFile } from './open-program.ts'
import { createRecordingEngine } from './recording-engine.ts'

/** What the process tells its parent. */
export type GatewayFigures = {
  readonly port: number
  /** From the start of the process until it listened. */
  readonly startMs: number
  readonly cpuMicros: number
  /** What lives after a collection: heap and buffers. */
  readonly memoryBytes: number
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function liveBytes(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const [backendPort = '0', rulesFile] = process.argv.slice(2)

async function main(): Promise<void> {
  const runner = rulesFile === undefined ? null : openProgramFile(rulesFile)
  const engine = createRecordingEngine(runner?.begin ?? null)
  const config = configSchema.parse({ listen: { host: '127.0.0.1', port: 0 } })
  const upstream = `http://127.0.0.1:${backendPort}`
  const gateway = createGateway({ config, engine, clock: systemClock, emit: () => undefined, upstream })
  const { port } = await gateway.listen()
  const startMs = performance.now()
  const tell = (): void => {
    engine.take()
    const { user, system } = process.cpuUsage()
    const figures: GatewayFigures = { port, startMs, cpuMicros: user + system, memoryBytes: liveBytes() }
    process.send?.(figures)
  }
  process.on('message', tell)
  process.on('disconnect', () => process.exit(0))
  tell()
}

await main()
