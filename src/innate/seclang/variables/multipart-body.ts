import type { Boundary } from './multipart-boundary.ts'
import { createLineSteps, type Line } from './multipart-lines.ts'
import { endHeaders, type MultipartNotes, newPart, type Part, readHeaderLine } from './multipart-part.ts'

export type FormPart = {
  readonly name: string
  /** '' for a field. */
  readonly fileName: string
  readonly start: number
  readonly end: number
  readonly headerLines: readonly string[]
}

export type MultipartReading = {
  readonly boundary: Boundary
  readonly notes: Readonly<MultipartNotes>
  /** Parts with a name; none unless the last boundary was there. */
  readonly parts: readonly FormPart[]
  /** Parts in the order of their end, also those without a name and of a body without a last boundary. */
  readonly partHeaders: readonly FormPart[]
}

/**
 * Reads `multipart/form-data` line by line, as strictly as libmodsecurity: what is odd is noted, what cannot be read is
 * an error. Linear in the body; at most `maxParts` parts.
 */
export function readMultipart(text: string, boundary: Boundary, maxParts: number): MultipartReading {
  const reading = newReading(text, boundary, maxParts)
  const { notes, steps } = reading
  if (boundary.error === null && text !== '') {
    while (!notes.isStopped && !reading.isComplete && steps.next()) readLine(reading, steps.line)
    if (reading.isComplete && steps.line.end < text.length) notes.hasDataAfter = true
    else if (!reading.isComplete) endBody(reading)
  } else notes.error = boundary.error
  return { boundary, notes, parts: reading.isComplete ? reading.parts.filter(hasName) : [], partHeaders: reading.parts }
}

const hasName = (part: FormPart): boolean => part.name !== ''

type Reading = {
  readonly text: string
  /** `--` and the boundary. */
  readonly delimiter: string
  readonly isQuoted: boolean
  readonly maxParts: number
  readonly notes: MultipartNotes
  readonly steps: ReturnType<typeof createLineSteps>
  readonly parts: FormPart[]
  part: Part | null
  boundaries: number
  isComplete: boolean
  /** Where the delimiter occurs next, at or behind the last line that was looked at; the length of the text if not. */
  nextDelimiter: number
}

function newReading(text: string, boundary: Boundary, maxParts: number): Reading {
  const notes: MultipartNotes = {
    error: null,
    isStopped: false,
    isCutShort: false,
    hasDataBefore: false,
    hasDataAfter: false,
    hasFolding: false,
    hasInvalidFolding: false,
    hasLfLine: false,
    hasCrlfLine: false,
    hasInvalidQuoting: false,
    hasInvalidPart: false,
    unmatchedBoundary: 0,
    names: [],
    fileNames: [],
  }
  return {
    text,
    delimiter: `--${boundary.text}`,
    isQuoted: boundary.isQuoted,
    maxParts,
    notes,
    steps: createLineSteps(text),
    parts: [],
    part: null,
    boundaries: 0,
    isComplete: false,
    nextDelimiter: -1,
  }
}

function readLine(reading: Reading, line: Line): void {
  if (line.isLineStart && readAsBoundary(reading, line)) return
  const { part, notes } = reading
  if (notes.isStopped) return
  if (part === null) notes.hasDataBefore = true
  else if (part.dataStart !== -1) part.hasData = true
  else if (line.isFull) stop(reading, 'Part header line over 4096 bytes long')
  else readHeader(reading, part, line)
}

/** Errors are noted and the reading goes on, as in the reference. */
function readHeader(reading: Reading, part: Part, line: Line): void {
  const { notes } = reading
  const text = reading.text.slice(line.start, line.end)
  const isEnd = text === '\n' || text === '\r\n'
  const why = isEnd ? endHeaders(part, text, notes) : readHeaderLine(part, text, notes)
  if (why !== null) notes.error = `Multipart: ${why}`
  else if (isEnd) part.dataStart = line.end
}

/** True when the line was a boundary; otherwise it is content, unless the reading stopped. */
function readAsBoundary(reading: Reading, line: Line): boolean {
  const { text, delimiter, notes } = reading
  if (line.end - line.start <= 3 || !text.startsWith('--', line.start)) {
    if (hasDelimiter(reading, line)) notes.unmatchedBoundary = 1
    return false
  }
  if (!text.startsWith(delimiter, line.start)) {
    lookLikeBoundary(reading, line)
    return false
  }
  if (line.isAfterLf) notes.hasLfLine = true
  if (reading.boundaries > 0 && reading.part?.hasData !== true) {
    notes.hasInvalidPart = true
    return false
  }
  return takeBoundary(reading, line)
}

function takeBoundary(reading: Reading, line: Line): boolean {
  const { text, delimiter, notes } = reading
  if (reading.boundaries > 0) notes.unmatchedBoundary = 2
  const after = line.start + delimiter.length
  const isFinal = text.startsWith('--', after)
  const rest = text.slice(isFinal ? after + 2 : after, line.end)
  if (rest !== '\n' && rest !== '\r\n') {
    stop(reading, `Invalid boundary: ${text.slice(line.start, line.end)}`)
    return false
  }
  if (rest === '\n') notes.hasLfLine = true
  else notes.hasCrlfLine = true
  endPart(reading, line.start)
  reading.boundaries += 1
  if (isFinal) reading.isComplete = true
  else if (reading.parts.length >= reading.maxParts) {
    notes.isCutShort = true
    stop(reading, `more than ${reading.maxParts} parts`)
  } else reading.part = newPart()
  return true
}

/** A line that starts with two dashes and is no boundary: quotes or white space before it are an attempt at one. */
function lookLikeBoundary(reading: Reading, line: Line): void {
  const { text, delimiter, notes } = reading
  const boundary = delimiter.slice(2)
  const start = line.start + 2
  if (reading.isQuoted && text[start] === '"' && text.startsWith(boundary, start + 1)) {
    stop(reading, 'Invalid boundary (quotes).')
    return
  }
  let inner = start
  while (inner < line.end && ' \t\n\v\f\r'.includes(text.charAt(inner))) inner += 1
  if (inner > start && inner < line.end && text.startsWith(boundary, inner))
    stop(reading, 'Invalid boundary (whitespace).')
  else notes.unmatchedBoundary = 1
}

function hasDelimiter(reading: Reading, line: Line): boolean {
  const { text, delimiter } = reading
  if (reading.nextDelimiter < line.start) {
    const found = text.indexOf(delimiter, line.start)
    reading.nextDelimiter = found === -1 ? text.length : found
  }
  return reading.nextDelimiter < line.end
}

/** What the line end of the reference leaves over: the last boundary may stand without one. */
function endBody(reading: Reading): void {
  const { text, delimiter, notes, steps } = reading
  if (notes.isStopped && reading.boundaries === 0) return
  if (reading.boundaries === 0) {
    notes.error = 'Multipart: No boundaries found in payload.'
    return
  }
  const start = steps.line.end
  const isFinal = !notes.isStopped && text.charCodeAt(start - 1) === 0x0a && text.slice(start) === `${delimiter}--`
  if (!isFinal) {
    if (!notes.isStopped) notes.error = 'Multipart: Final boundary missing.'
    return
  }
  if (text.charCodeAt(start - 2) !== 0x0d) notes.hasLfLine = true
  if (reading.part?.hasData !== true) notes.hasInvalidPart = true
  endPart(reading, start)
  reading.isComplete = true
}

function endPart(reading: Reading, lineStart: number): void {
  const { part, text, notes } = reading
  if (part === null) return
  if (part.name === '') notes.hasInvalidPart = true
  const lineEnd = text.charCodeAt(lineStart - 2) === 0x0d ? 2 : 1
  const start = part.dataStart === -1 ? lineStart : part.dataStart
  const end = Math.max(start, lineStart - lineEnd)
  reading.parts.push({ name: part.name, fileName: part.fileName, start, end, headerLines: part.headerLines })
  reading.part = null
}

function stop(reading: Reading, why: string): void {
  reading.notes.isStopped = true
  reading.notes.error = `Multipart: ${why}`
}
