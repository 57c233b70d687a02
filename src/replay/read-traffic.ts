import { ThymusError } from '../core/errors.ts'
import { type LoggedLine, parseAccessLogLine } from './access-log-line.ts'
import { parseHar } from './har.ts'
import { isMembers, parseJsonLogLine } from './json-log-line.ts'
import { looksLikeRecord, parseJsonRecord, parseObject } from './json-record.ts'
import { contentChunks, readLines } from './lines.ts'
import { looksLikeOpenApi } from './openapi/document.ts'
import { readOpenApi } from './openapi/read-openapi.ts'
import { trafficError } from './traffic-error.ts'
import type { SkipListener, TrafficPlace, TrafficRecord } from './traffic-record.ts'

export const trafficFormats = ['jsonl', 'har', 'access-log', 'json-log', 'openapi'] as const
export type TrafficFormat = (typeof trafficFormats)[number]

export type ReadOptions = {
  /** Without it the first line decides. */
  readonly format?: TrafficFormat
  readonly onSkip?: SkipListener
}

/** Largest HAR file: it is one JSON document and has to be held whole. */
const maxHarBytes = 256 * 1_048_576
const maxOpenApiBytes = 16 * 1_048_576
/** Characters within which an OpenAPI document says what it is. */
const headLength = 65_536

/**
 * Records of a traffic file in file order; gzip is recognised by its first bytes. Throws THY_TRAFFIC with file and line
 * where a record is not what its format says; what is no request (a TLS hello in a log) goes to `onSkip`.
 */
export async function* readTraffic(file: string, options: ReadOptions = {}): AsyncGenerator<TrafficRecord> {
  const format = options.format ?? (await detectFormat(file))
  const onSkip = options.onSkip ?? (() => undefined)
  if (format === 'har') yield* parseHar(await wholeText(file), file, onSkip)
  else if (format === 'openapi') yield* readOpenApi(await wholeText(file, maxOpenApiBytes), file, onSkip)
  else if (format === 'jsonl') yield* readJsonRecords(file)
  else yield* readLog(file, format === 'json-log' ? jsonLogLine : plainLogLine, onSkip)
}

/** The format that the first line has. An empty file counts as JSON Lines without a record. */
export async function detectFormat(file: string): Promise<TrafficFormat> {
  if (looksLikeOpenApi(await headOf(file))) return 'openapi'
  for await (const { bytes } of firstLine(file)) {
    const text = withoutMark(bytes.toString('utf8'))
    if (!text.trimStart().startsWith('{')) return 'access-log'
    const members = parsedOrUndefined(text)
    if (!isMembers(members)) return 'har' // a document printed over many lines
    if (isMembers(members['log']) && Array.isArray(members['log']['entries'])) return 'har'
    if (!looksLikeRecord(members) && typeof members['openapi'] === 'string') return 'openapi'
    return looksLikeRecord(members) ? 'jsonl' : 'json-log'
  }
  return 'jsonl'
}

async function headOf(file: string): Promise<string> {
  for await (const chunk of contentChunks(file)) return withoutMark(chunk.toString('utf8', 0, headLength))
  return ''
}

/** A HAR on a single line may be longer than any line: its size cap holds for this look as well. */
function firstLine(file: string): AsyncGenerator<{ readonly bytes: Buffer }> {
  return readLines(file, maxHarBytes)
}

async function* readJsonRecords(file: string): AsyncGenerator<TrafficRecord> {
  for await (const { bytes, number } of readLines(file)) {
    yield parseJsonRecord(withoutMark(bytes.toString('utf8')), { file, line: number })
  }
}

type LineParser = (bytes: Buffer, place: TrafficPlace) => LoggedLine

const plainLogLine: LineParser = (bytes) => parseAccessLogLine(bytes.toString('latin1'))
const jsonLogLine: LineParser = (bytes, place) =>
  parseJsonLogLine(parseObject(withoutMark(bytes.toString('utf8')), place))

async function* readLog(file: string, parse: LineParser, onSkip: SkipListener): AsyncGenerator<TrafficRecord> {
  for await (const { bytes, number } of readLines(file)) {
    const place = { file, line: number }
    const line = parse(bytes, place)
    if (line.kind === 'other-format') {
      throw trafficError(
        place,
        'it is neither a JSON object nor a line of an access log, expected: host ident user [time] "request" status bytes',
      )
    }
    if (line.kind === 'no-request') onSkip(place, line.reason)
    else
      yield {
        id: `line-${number}`,
        line: number,
        label: 'unknown',
        category: null,
        split: null,
        source: 'log',
        ...line.logged,
      }
  }
}

async function wholeText(file: string, maxBytes = maxHarBytes): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of contentChunks(file)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new ThymusError(
        'THY_TRAFFIC',
        `${file} is larger than ${maxBytes} bytes, the most such a document may have`,
      )
    }
  }
  return withoutMark(Buffer.concat(chunks).toString('utf8'))
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Windows tools put a byte order mark in front. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
