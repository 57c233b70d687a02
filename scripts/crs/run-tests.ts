// Runs regression tests against a surface and sums up.
import type { CrsTest, Stage } from './ftw-format.ts'
import { type Happened, isSettledByRefusal, judge } from './judge.ts'
import { type Carried, nothingCarried, requestBytes } from './request-bytes.ts'
import type { Surface } from './surface.ts'

export type TestResult = {
  readonly name: string
  readonly isRequestPhase: boolean
  /** Empty when the test passed. */
  readonly misses: readonly string[]
  /** The server refused the request's form, and the rules saw a lenient reading of it instead. */
  readonly isLenient: boolean
  /** The server refused the request's form, and that is what the test expects. */
  readonly isSettledByRefusal: boolean
}

export type Tally = { readonly total: number; readonly passed: number; readonly percent: number }

export type ConformanceReport = Tally & {
  readonly requestPhase: Tally
  readonly responsePhase: Tally
  /** Tests in which the server refused a request's form and the rules saw a lenient reading of it. */
  readonly lenient: number
  /** Tests that expect the refusal which the server's own parser gives. */
  readonly settledByRefusal: number
  readonly failed: readonly { readonly name: string; readonly misses: readonly string[] }[]
}

export async function runTests(tests: readonly CrsTest[], surface: Surface): Promise<TestResult[]> {
  const results: TestResult[] = []
  for (const test of tests) results.push(await runTest(test, surface).catch((fault: unknown) => faulty(test, fault)))
  return results
}

/** A test that cannot be run is a test that failed, and no reason not to run the others. */
function faulty({ name, isRequestPhase }: CrsTest, fault: unknown): TestResult {
  const misses = [`the test could not be run: ${fault instanceof Error ? fault.message : String(fault)}`]
  return { name, isRequestPhase, misses, isLenient: false, isSettledByRefusal: false }
}

/** Once more when no answer came that was expected: the first requests make the automata of the rules. */
async function send(bytes: Buffer, { output }: Stage, surface: Surface): ReturnType<Surface['send']> {
  const sent = await surface.send(bytes)
  return sent.isError && !output.isError ? surface.send(bytes) : sent
}

async function runTest(test: CrsTest, surface: Surface): Promise<TestResult> {
  let carried = nothingCarried
  const misses: string[] = []
  let isLenient = false
  let wasSettled = false
  for (const stage of test.stages) {
    const bytes = requestBytes(stage.input, carried)
    const sent = await send(bytes, stage, surface)
    let happened: Happened = sent
    if (!isSettledByRefusal(stage.output, sent)) {
      const lenient = (await surface.sendLeniently?.(bytes)) ?? null
      if (lenient !== null) {
        happened = { ...lenient, status: sent.status }
        isLenient = true
      }
    } else if (sent.isRefused) wasSettled = true
    misses.push(...judge(stage.output, happened))
    carried = carry(carried, stage, sent.headers)
  }
  const { name, isRequestPhase } = test
  return { name, isRequestPhase, misses, isLenient, isSettledByRefusal: wasSettled }
}

function carry(carried: Carried, { input }: Stage, headers: readonly (readonly [string, string])[]): Carried {
  const cookies = new Map(carried.cookies)
  if (input.keepsCookies) {
    for (const [name, value] of headers) {
      const cookie = name === 'set-cookie' ? /^([^=;]+)=([^;]*)/.exec(value) : null
      if (cookie !== null) cookies.set(cookie[1] ?? '', cookie[2] ?? '')
    }
  }
  return { cookies, location: headers.find(([name]) => name === 'location')?.[1] ?? null }
}

export function reportOf(results: readonly TestResult[]): ConformanceReport {
  const requestPhase = results.filter((result) => result.isRequestPhase)
  const responsePhase = results.filter((result) => !result.isRequestPhase)
  return {
    ...tally(results),
    requestPhase: tally(requestPhase),
    responsePhase: tally(responsePhase),
    lenient: results.filter((result) => result.isLenient).length,
    settledByRefusal: results.filter((result) => result.isSettledByRefusal).length,
    failed: results.filter(({ misses }) => misses.length > 0).map(({ name, misses }) => ({ name, misses })),
  }
}

function tally(results: readonly TestResult[]): Tally {
  const passed = results.filter(({ misses }) => misses.length === 0).length
  const percent = results.length === 0 ? 100 : Math.floor((10_000 * passed) / results.length) / 100
  return { total: results.length, passed, percent }
}
