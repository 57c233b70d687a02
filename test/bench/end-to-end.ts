/**
 * Measures the whole gateway and the middleware against what they stand on: a bare undici proxy and a bare Express.
 * Contenders run in processes of their own, pinned to one core where `taskset` exists, load and upstream on the other.
 *
 *   round 1: baseline candidate   round 2: candidate baseline ...        ratio = baseline CPU / candidate CPU
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { quantile } from './benchmark.ts'
import type { LoadName } from './end-to-end/loads.ts'

const folder = join(import.meta.dirname, 'end-to-end')

type Figures = { readonly rps: number; readonly cpuUs: number; readonly rssMb: number; readonly p99Ms: number }
type Comparison = {
  /** As fast as it can, over 64 connections. */
  readonly rps: number
  /** CPU time per request at the same fixed rate for both. */
  readonly cpuUs: number
  readonly baselineRps: number
  readonly baselineCpuUs: number
  /** Median over the rounds of baseline CPU / candidate CPU at the fixed rate. */
  readonly ratio: number
  readonly ratioSpread: number
  /** The same while both run as fast as they can, each at its own rate. */
  readonly saturatedRatio: number
  readonly rssMb: number
  /** At the fixed rate. */
  readonly p99Ms: number
  readonly baselineP99Ms: number
}

/** Requests per second at which CPU time is compared: well below what either side can take. */
const fixedRate = 3_000
/** Until the optimising compiler has seen everything. */
const warmUpSeconds = 4

const hasTaskset = spawnSync('taskset', ['--version']).error === undefined

function start(file: string, args: readonly string[], core: number): ChildProcess {
  const options = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] as ['ignore', 'ignore', 'inherit', 'ipc'] }
  const child = fork(join(folder, file), [...args], options)
  if (hasTaskset) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(child.pid)])
  return child
}

async function ask<T>(child: ChildProcess, message: object): Promise<T> {
  const reply = once(child, 'message')
  child.send(message)
  return (await reply)[0] as T
}

async function portOf(child: ChildProcess): Promise<number> {
  return ((await once(child, 'message'))[0] as { port: number }).port
}

/** One contender under one load for a while. Anything but 2xx means that the figures would be of refusals. */
async function measure(
  contender: { readonly child: ChildProcess; readonly port: number; readonly name: string },
  generator: ChildProcess,
  run: { readonly load: LoadName; readonly seconds: number; readonly rate: number | null },
): Promise<Figures> {
  const before = await ask<{ cpuUs: number }>(contender.child, {})
  const sent = await ask<{ answered: number; other: number; seconds: number; p99Ms: number }>(generator, {
    ...run,
    port: contender.port,
  })
  const after = await ask<{ cpuUs: number; rssBytes: number }>(contender.child, {})
  if (sent.answered === 0 || sent.other > sent.answered / 1000) {
    throw new Error(`${contender.name} answered ${sent.other} requests with something else than 2xx`)
  }
  return {
    rps: sent.answered / sent.seconds,
    cpuUs: (after.cpuUs - before.cpuUs) / sent.answered,
    rssMb: after.rssBytes / 2 ** 20,
    p99Ms: sent.p99Ms,
  }
}

type Contender = { readonly child: ChildProcess; readonly port: number; readonly name: string }

async function compare(
  pair: { readonly baseline: Contender; readonly candidate: Contender },
  generator: ChildProcess,
  run: { readonly load: LoadName; readonly seconds: number; readonly rounds: number },
): Promise<Comparison> {
  const { baseline, candidate } = pair
  const { load, seconds } = run
  for (const contender of [baseline, candidate])
    await measure(contender, generator, { load, seconds: warmUpSeconds, rate: null })
  const rounds: Round[] = []
  for (let round = 0; round < run.rounds; round += 1) {
    rounds.push(await runRound(pair, generator, { load, seconds, isBaselineFirst: round % 2 === 0 }))
  }
  const median = (read: (round: Round) => number): number => quantile(rounds.map(read), 0.5)
  const ratios = rounds.map(({ paced }) => paced.baseline.cpuUs / paced.candidate.cpuUs)
  return {
    rps: round1(median(({ full }) => full.candidate.rps)),
    cpuUs: round1(median(({ paced }) => paced.candidate.cpuUs)),
    baselineRps: round1(median(({ full }) => full.baseline.rps)),
    baselineCpuUs: round1(median(({ paced }) => paced.baseline.cpuUs)),
    ratio: round3(quantile(ratios, 0.5)),
    ratioSpread: round3(quantile(ratios, 0.75) - quantile(ratios, 0.25)),
    saturatedRatio: round3(median(({ full }) => full.baseline.cpuUs / full.candidate.cpuUs)),
    rssMb: round1(median(({ full }) => full.candidate.rssMb)),
    p99Ms: round3(median(({ paced }) => paced.candidate.p99Ms)),
    baselineP99Ms: round3(median(({ paced }) => paced.baseline.p99Ms)),
  }
}

type Sides = { readonly baseline: Figures; readonly candidate: Figures }
type Round = { readonly full: Sides; readonly paced: Sides }

/** Both contenders, as fast as they can and at the fixed rate, neighbours in time. */
async function runRound(
  pair: { readonly baseline: Contender; readonly candidate: Contender },
  generator: ChildProcess,
  run: { readonly load: LoadName; readonly seconds: number; readonly isBaselineFirst: boolean },
): Promise<Round> {
  const both = async (rate: number | null): Promise<Sides> => {
    const order = { load: run.load, seconds: run.seconds, rate }
    if (run.isBaselineFirst) {
      const baseline = await measure(pair.baseline, generator, order)
      return { baseline, candidate: await measure(pair.candidate, generator, order) }
    }
    const candidate = await measure(pair.candidate, generator, order)
    return { baseline: await measure(pair.baseline, generator, order), candidate }
  }
  return { full: await both(null), paced: await both(fixedRate) }
}

const round1 = (value: number): number => Math.round(value * 10) / 10
const round3 = (value: number): number => Math.round(value * 1000) / 1000

/** Loads (a), (b) and (c) for both surfaces; (c), the mixed one, stands on top. */
export async function measureEndToEnd(options: {
  readonly isQuick: boolean
  readonly log: (line: string) => void
}): Promise<{ gateway: Readonly<Record<string, unknown>>; middleware: Readonly<Record<string, unknown>> }> {
  const effort = options.isQuick ? { seconds: 1.5, rounds: 1 } : { seconds: 1.6, rounds: 7 }
  const loads: readonly LoadName[] = options.isQuick ? ['c'] : ['c', 'a', 'b']
  const children: ChildProcess[] = []
  const open = async (file: string, args: readonly string[], core: number): Promise<Contender> => {
    const child = start(file, args, core)
    children.push(child)
    return { child, port: await portOf(child), name: args[0] ?? file }
  }
  try {
    const upstream = await open('upstream.ts', [], 1)
    const generator = await open('load-generator.ts', [], 1)
    const upstreamUrl = `http://127.0.0.1:${upstream.port}`
    const measureSurface = async (names: { baseline: string; candidate: string }): Promise<Record<string, unknown>> => {
      const baseline = await open('contender.ts', [names.baseline, upstreamUrl], 0)
      const candidate = await open('contender.ts', [names.candidate, upstreamUrl], 0)
      const byLoad: Record<string, Comparison> = {}
      for (const load of loads) {
        const figures = await compare({ baseline, candidate }, generator.child, { load, ...effort })
        options.log(
          `${names.candidate} (${load}): ${figures.cpuUs} µs, bare ${figures.baselineCpuUs} µs, ratio ${figures.ratio}`,
        )
        byLoad[load] = figures
      }
      baseline.child.disconnect()
      candidate.child.disconnect()
      return { ...byLoad['c'], loads: byLoad }
    }
    const gateway = await measureSurface({ baseline: 'bare-proxy', candidate: 'gateway' })
    const middleware = await measureSurface({ baseline: 'bare-express', candidate: 'middleware' })
    return { gateway, middleware }
  } finally {
    for (const child of children) if (child.connected) child.disconnect()
  }
}
