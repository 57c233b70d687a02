import type { RequestView } from '../request/request-view.ts'
import { createClientArrivals } from './arrival.ts'
import { inOrder } from './in-order.ts'
import { derivedCategory } from './openapi/read-openapi.ts'
import { readTraffic, type TrafficFormat } from './read-traffic.ts'
import { toRequestView } from './record-view.ts'
import type { ReplayEngine } from './replay-engine.ts'
import { createSkipCount, type SkippedTraffic } from './skip-count.ts'
import { trafficError } from './traffic-error.ts'
import type { TrafficRecord } from './traffic-record.ts'

export type LearnOptions = {
  readonly file: string
  readonly format?: TrafficFormat
  readonly engine: ReplayEngine
  /** Somebody vouches for the file: it becomes self as it is. Otherwise the ordinary rules for learning hold. */
  readonly isVetted: boolean
  /** Vetted records teach also where rules see an attack in them. */
  readonly trustsAll?: boolean
}

export type LearnReport = {
  readonly records: number
  /** Requests that were refused, or would have been, and so taught nothing. */
  readonly refused: number
  /** Lines of vetted records that look like attacks to the rules, the first 20: they are among the refused. */
  readonly refusedLines: readonly number[]
  /** Requests of an OpenAPI document with values that it does not show, made up from their types. */
  readonly derived: number
  readonly skipped: SkippedTraffic
}

const learnEvery = 64
const maxLines = 20

function isDerived({ source, category }: TrafficRecord): boolean {
  return source === 'openapi' && category === derivedCategory
}

/** Teaches an engine with recorded traffic. A record that is labelled an attack has no place in vetted traffic. */
export async function learnFrom(options: LearnOptions): Promise<LearnReport> {
  const { onSkip, skipped } = createSkipCount()
  const { engine, file } = options
  const arrivalOf = createClientArrivals()
  const format = options.format === undefined ? {} : { format: options.format }
  let records = 0
  let refused = 0
  const refusedLines: number[] = []
  let derived = 0
  for await (const record of inOrder(readTraffic(file, { onSkip, ...format }))) {
    const place = { file, line: record.line }
    if (options.isVetted && record.label === 'attack') {
      throw trafficError(place, '"label" is "attack", expected none in vetted traffic')
    }
    const result = toRequestView(record.request, arrivalOf(record))
    if (result.kind === 'unreadable') {
      onSkip(place, result.reason)
      continue
    }
    records += 1
    derived += Number(isDerived(record))
    const isTaught = options.isVetted
      ? engine.learnVetted(result.view, options.trustsAll === true)
      : offer(engine, result.view, record.status ?? 200)
    if (!isTaught) {
      refused += 1
      refusedLines.push(record.line)
    }
    if (!options.isVetted && records % learnEvery === 0) engine.learn()
  }
  if (options.isVetted) await engine.finishLearning()
  else engine.learn()
  return {
    records,
    refused,
    refusedLines: options.isVetted ? refusedLines.slice(0, maxLines) : [],
    derived,
    skipped: skipped(),
  }
}

/** Lets a request pass as if it were live; false when it was refused or would have been, and so teaches nothing. */
function offer(engine: ReplayEngine, view: RequestView, status: number): boolean {
  const inspection = engine.inspect(view)
  const { verdict } = inspection
  const isRefused = verdict.kind !== 'allow' || verdict.would !== undefined
  engine.settle(inspection, { status: isRefused ? 403 : status, atMs: view.receivedAtMs })
  return !isRefused
}
