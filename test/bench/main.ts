/**
 * The `npm run bench` command: measures every `test/bench/**\/*.bench.ts`, then the whole gateway if
 * `test/bench/end-to-end.ts` is there. It must not judge: it prints figures and exits 0 when everything ran.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Benchmark, type BenchmarkResult, fullEffort, quickEffort, runBenchmark } from './benchmark.ts'

/** What `test/bench/end-to-end.ts` exports as `measureEndToEnd`; its members stand beside `steps` in the output. */
export type MeasureEndToEnd = (options: {
  readonly isQuick: boolean
  /** Progress lines for a person; they never reach standard output. */
  readonly log: (line: string) => void
}) => Promise<{
  readonly gateway: Readonly<Record<string, unknown>>
  readonly middleware: Readonly<Record<string, unknown>>
}>

const usage = 'usage: npm run bench -- [--quick] [--json] [--only TEXT]'

type Options = { readonly isQuick: boolean; readonly isJson: boolean; readonly only: string }

/** Reads the arguments; a string is the sentence that says what is wrong with them. */
function readOptions(argv: readonly string[]): Options | string {
  let isQuick = false
  let isJson = false
  let only = ''
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index]
    if (argument === '--quick') isQuick = true
    else if (argument === '--json') isJson = true
    else if (argument === '--only' && argv[index + 1] !== undefined) {
      index += 1
      only = argv[index] ?? ''
    } else return `unknown argument ${argument}`
  }
  return { isQuick, isJson, only }
}

async function importBenchmark(path: string): Promise<Benchmark> {
  const module: { benchmark?: Benchmark } = await import(pathToFileURL(path).href)
  if (module.benchmark === undefined) throw new Error(`${path} exports no "benchmark"`)
  return module.benchmark
}

async function measureSteps(options: Options, log: (line: string) => void): Promise<BenchmarkResult[]> {
  const paths = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.bench.ts') && path.includes(options.only))
    .sort()
  const results: BenchmarkResult[] = []
  for (const path of paths) {
    const benchmark = await importBenchmark(join(import.meta.dirname, path))
    if (results.some((result) => result.name === benchmark.name)) {
      throw new Error(`${path}: the name "${benchmark.name}" is taken`)
    }
    const result = runBenchmark(benchmark, options.isQuick ? quickEffort : fullEffort)
    results.push(result)
    log(formatStep(result))
  }
  return results
}

function formatStep(result: BenchmarkResult): string {
  const ratio = `${result.ratio.toFixed(2)} x ${result.baseline} (${result.baselineNs.toFixed(0)} ns)`
  return `${result.name}: ${result.ns.toFixed(0)} ns, ${ratio}, spread ${(result.spread * 100).toFixed(0)} %`
}

async function measureWhole(options: Options, log: (line: string) => void): Promise<Record<string, unknown>> {
  const path = join(import.meta.dirname, 'end-to-end.ts')
  if (options.only !== '' || !existsSync(path)) return {}
  const module: { measureEndToEnd?: MeasureEndToEnd } = await import(pathToFileURL(path).href)
  if (module.measureEndToEnd === undefined) throw new Error(`${path} exports no "measureEndToEnd"`)
  const { gateway, middleware } = await module.measureEndToEnd({ isQuick: options.isQuick, log })
  return { gateway, middleware }
}

const options = readOptions(process.argv.slice(2))
if (typeof options === 'string') {
  process.stderr.write(`${options}; ${usage}\n`)
  process.exitCode = 2
} else {
  const stream = options.isJson ? process.stderr : process.stdout
  const log = (line: string): void => {
    stream.write(`${line}\n`)
  }
  const results = await measureSteps(options, log)
  const whole = await measureWhole(options, log)
  const steps = Object.fromEntries(
    results.map(({ name, ns, baselineNs, ratio, spread }) => [name, { ns, baselineNs, ratio, spread }]),
  )
  if (options.isJson) process.stdout.write(`${JSON.stringify({ node: process.version, ...whole, steps })}\n`)
  else log(JSON.stringify(whole, null, 2))
}
