import type { MessageState } from './message-state.ts'
import type { Member } from './message-variables.ts'
import type { FormPart, MultipartReading } from './multipart-body.ts'

/** The variables of a multipart body. All flags are empty where the body is not multipart, as in the reference. */
export const multipartReaders: readonly (readonly [string, (state: MessageState) => readonly Member[]])[] = [
  ['FILES', files((part) => part.fileName)],
  ['FILES_NAMES', files((part) => part.name)],
  ['FILES_SIZES', files((part) => String(part.end - part.start))],
  ['FILES_TMP_CONTENT', files((part, text) => text.slice(part.start, part.end))],
  ['FILES_TMPNAMES', () => []],
  ['FILES_COMBINED_SIZE', filesSize],
  ['MULTIPART_NAME', names((reading) => reading.notes.names)],
  ['MULTIPART_FILENAME', names((reading) => reading.notes.fileNames)],
  ['MULTIPART_PART_HEADERS', partHeaders],
  ['MULTIPART_BOUNDARY_QUOTED', flag((reading) => reading.boundary.isQuoted)],
  ['MULTIPART_BOUNDARY_WHITESPACE', flag((reading) => reading.boundary.hasWhitespace)],
  ['MULTIPART_CRLF_LF_LINES', flag(({ notes }) => notes.hasCrlfLine && notes.hasLfLine)],
  ['MULTIPART_DATA_AFTER', flag(({ notes }) => notes.hasDataAfter)],
  ['MULTIPART_DATA_BEFORE', flag(({ notes }) => notes.hasDataBefore)],
  ['MULTIPART_FILE_LIMIT_EXCEEDED', () => [{ key: '', value: '' }]],
  ['MULTIPART_HEADER_FOLDING', flag(({ notes }) => notes.hasFolding)],
  ['MULTIPART_INVALID_HEADER_FOLDING', flag(({ notes }) => notes.hasInvalidFolding)],
  ['MULTIPART_INVALID_PART', flag(({ notes }) => notes.hasInvalidPart)],
  ['MULTIPART_INVALID_QUOTING', flag(({ notes }) => notes.hasInvalidQuoting)],
  ['MULTIPART_LF_LINE', flag(({ notes }) => notes.hasLfLine)],
  ['MULTIPART_MISSING_SEMICOLON', flag((reading) => reading.boundary.isSemicolonMissing)],
  ['MULTIPART_SEMICOLON_MISSING', flag((reading) => reading.boundary.isSemicolonMissing)],
  ['MULTIPART_STRICT_ERROR', flag(isStrictError)],
  ['MULTIPART_UNMATCHED_BOUNDARY', count((reading) => reading.notes.unmatchedBoundary)],
]

function isStrictError({ boundary, notes }: MultipartReading): boolean {
  return (
    boundary.error !== null ||
    boundary.isQuoted ||
    boundary.hasWhitespace ||
    boundary.isSemicolonMissing ||
    notes.isStopped ||
    notes.hasDataBefore ||
    notes.hasDataAfter ||
    notes.hasFolding ||
    notes.hasInvalidFolding ||
    notes.hasLfLine ||
    notes.hasInvalidQuoting ||
    notes.hasInvalidPart
  )
}

function count(read: (reading: MultipartReading) => number): (state: MessageState) => readonly Member[] {
  return (state) => {
    const reading = state.body?.multipart ?? null
    return [{ key: '', value: reading === null ? '' : String(read(reading)) }]
  }
}

function flag(isSet: (reading: MultipartReading) => boolean): (state: MessageState) => readonly Member[] {
  return count((reading) => (isSet(reading) ? 1 : 0))
}

function names(read: (reading: MultipartReading) => readonly string[]): (state: MessageState) => readonly Member[] {
  return (state) => {
    const reading = state.body?.multipart ?? null
    return reading === null ? [] : read(reading).map((name) => ({ key: name, value: name }))
  }
}

function files(read: (part: FormPart, text: string) => string): (state: MessageState) => readonly Member[] {
  return ({ body }) => {
    const members: Member[] = []
    for (const part of body?.multipart?.parts ?? []) {
      if (part.fileName !== '') members.push({ key: part.name, value: read(part, body?.text ?? '') })
    }
    return members
  }
}

function filesSize({ body }: MessageState): readonly Member[] {
  const parts = (body?.multipart?.parts ?? []).filter((part) => part.fileName !== '')
  const size = parts.reduce((sum, part) => sum + part.end - part.start, 0)
  return [{ key: '', value: parts.length === 0 ? '' : String(size) }]
}

function partHeaders({ body }: MessageState): readonly Member[] {
  const parts = body?.multipart?.partHeaders ?? []
  return parts.flatMap((part) => part.headerLines.map((line) => ({ key: part.name, value: line })))
}
