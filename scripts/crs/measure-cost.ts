// What the same rules cost per request: nginx with ModSecurity against nginx without, the program in this process, and the
// gateway with the program against the gateway without.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RequestView } from '../../src/request/request-view.ts'
import { type LoadRequest, makeLoad } from '../../test/bench/end-to-end/loads.ts'
import { startBackend } from './backend.ts'
import { drive, wireOf } from './drive.ts'
import type { GatewayFigures } from './gateway-process.ts'
import { startNginx } from './nginx.ts'
import { openProgram } from './open-program.ts'

export type Costs = { readonly getMicros: number; readonly jsonMicros: number }

export type CostReport = {
  /** CPU time of nginx's worker per request, without what the same nginx needs without rules. */
  readonly reference: Costs
  /** CPU time of the program alone, phases 1 to 5. */
  readonly program: Costs & { readonly megabyteMicros: number }
  /** CPU time of the gateway's process per request, without what it needs without rules. */
  readonly gateway: Costs
  readonly ratios: { readonly program: Costs; readonly gateway: Costs }
  /** Start of the process until the gateway listens, with rules and without. */
  readonly startMs: { readonly withRules: number; readonly without: number }
  /** Live memory (heap and buffers) that rules and traffic add to the gateway's process. */
  readonly memoryBytes: number
}

const loads = [
  { name: 'a', count: 3000 },
  { name: 'b', count: 500 },
] as const
/** Rounds before the one that counts: code that a machine compiles as it runs has to have run. */
const warmUpRounds = 2
const variety = 3000
const connections = 4

export async function measureCost(rules: string): Promise<CostReport> {
  const backend = await startBackend('reflect')
  try {
    const reference = minus(await nginxCosts(rules, backend.port), await nginxCosts(null, backend.port))
    const program = programCosts(rules)
    const [withRules, without] = [await gatewayCosts(rules, backend.port), await gatewayCosts(null, backend.port)]
    const gateway = minus(withRules.costs, without.costs)
    return {
      reference,
      program,
      gateway,
      ratios: { program: ratio(program, reference), gateway: ratio(gateway, reference) },
      startMs: { withRules: Math.round(withRules.startMs), without: Math.round(without.startMs) },
      memoryBytes: withRules.memoryBytes - without.memoryBytes,
    }
  } finally {
    await backend.close()
  }
}

const minus = (one: Costs, other: Costs): Costs => ({
  getMicros: Math.round(one.getMicros - other.getMicros),
  jsonMicros: Math.round(one.jsonMicros - other.jsonMicros),
})

const ratio = (one: Costs, other: Costs): Costs => ({
  getMicros: Math.round((1000 * one.getMicros) / other.getMicros) / 1000,
  jsonMicros: Math.round((1000 * one.jsonMicros) / other.jsonMicros) / 1000,
})

type Server = { readonly port: number; readonly warmUps: number; readonly cpuMicros: () => Promise<number> }

async function costsOf({ port, cpuMicros, warmUps }: Server): Promise<Costs> {
  const figures: number[] = []
  for (const { name, count } of loads) {
    const wires = makeLoad(name, variety, 1).map(wireOf)
    for (let round = 0; round < warmUps; round += 1) await drive(wires, { port, count, connections })
    const before = await cpuMicros()
    await drive(wires, { port, count, connections })
    figures.push(((await cpuMicros()) - before) / count)
  }
  return { getMicros: figures[0] ?? 0, jsonMicros: figures[1] ?? 0 }
}

async function nginxCosts(rules: string | null, backendPort: number): Promise<Costs> {
  const nginx = await startNginx({ rules, backendPort })
  try {
    return await costsOf({ port: nginx.port, warmUps: 0, cpuMicros: async () => nginx.cpuMicros() })
  } finally {
    await nginx.close()
  }
}

type GatewayCosts = { readonly costs: Costs; readonly startMs: number; readonly memoryBytes: number }

async function gatewayCosts(rules: string | null, backendPort: number): Promise<GatewayCosts> {
  const folder = mkdtempSync(join(tmpdir(), 'crs-cost-'))
  const path = join(folder, 'main.conf')
  if (rules !== null) writeFileSync(path, rules)
  const child = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), [
    String(backendPort),
    ...(rules === null ? [] : [path]),
  ])
  const next = async (): Promise<GatewayFigures> => (await once(child, 'message'))[0] as GatewayFigures
  const ask = async (): Promise<GatewayFigures> => {
    const answer = next()
    child.send('figures')
    return await answer
  }
  try {
    const { port, startMs } = await next()
    const costs = await costsOf({ port, warmUps: warmUpRounds, cpuMicros: async () => (await ask()).cpuMicros })
    return { costs, startMs, memoryBytes: (await ask()).memoryBytes }
  } finally {
    const gone = once(child, 'exit')
    child.disconnect()
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
}

function programCosts(rules: string): CostReport['program'] {
  const { begin } = openProgram(rules)
  const run = (view: RequestView): void => {
    const transaction = begin(view)
    transaction.requestHead()
    transaction.requestBody()
    transaction.responseHead(200, ['Content-Type', 'application/json'])
    transaction.responseBody(answer)
    transaction.log()
  }
  const [getMicros = 0, jsonMicros = 0] = loads.map(({ name, count }) =>
    cpuPerRun(makeLoad(name, variety, 1).map(viewOf), count, run),
  )
  const megabyteMicros = cpuPerRun([viewOf(megabyte())], 4, run)
  return { getMicros, jsonMicros, megabyteMicros }
}

const answer = Buffer.from('{"ok":true}')

function cpuPerRun(views: readonly RequestView[], count: number, run: (view: RequestView) => void): number {
  const round = (): void => {
    for (let index = 0; index < count; index += 1) run(views[index % views.length] as RequestView)
  }
  for (let warm = 0; warm < warmUpRounds; warm += 1) round()
  const before = process.cpuUsage()
  round()
  const { user, system } = process.cpuUsage(before)
  return Math.round((user + system) / count)
}

function viewOf({ method, path, headers, body }: LoadRequest): RequestView {
  const framing = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return {
    method,
    target: path,
    rawHeaders: Object.entries({ ...headers, ...framing }).flat(),
    body: body === undefined ? null : Buffer.from(body),
    isBodyCut: false,
    remoteAddress: '127.0.0.1',
    receivedAtMs: Date.now(),
    httpVersion: '1.1',
  }
}

/** One body of a megabyte with 59,000 leaves. */
function megabyte(): LoadRequest {
  const [post] = makeLoad('b', 1, 7)
  if (post === undefined) throw new Error('There is no load b.')
  const items = Array.from({ length: 59_000 }, (_, index) => `item ${index * 7919}`)
  return { ...post, body: JSON.stringify({ items }) }
}
