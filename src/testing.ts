import { createThymus, type Thymus, type ThymusOptions } from './app.ts'
import type { ConfigInput } from './config/schema.ts'
import type { Verdict } from './core/verdict.ts'

export { createManualClock, type ManualClock } from './core/clock.ts'

/** A request in the words of a test. */
export type TestRequest = {
  readonly method?: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly address?: string
}

/** A Thymus that keeps everything in memory and says nothing, for tests of an application that uses it. */
export function createTestThymus(config: ConfigInput = {}, options: ThymusOptions = {}): Promise<Thymus> {
  const quiet = { ...config, telemetry: { ...config.telemetry, level: 'silent' as const } }
  return createThymus(quiet, { ...options, isPersistent: false })
}

/** What Thymus would answer to a request. Nothing is learned from it. */
export function verdictOf(thymus: Thymus, request: TestRequest): Verdict {
  const headers = { host: 'localhost', ...request.headers }
  return thymus.engine.inspect({
    method: request.method ?? 'GET',
    target: request.target,
    rawHeaders: Object.entries(headers).flat(),
    body: request.body === undefined ? null : Buffer.from(request.body),
    isBodyCut: false,
    remoteAddress: request.address ?? '127.0.0.1',
    receivedAtMs: thymus.clock.now(),
  }).verdict
}
