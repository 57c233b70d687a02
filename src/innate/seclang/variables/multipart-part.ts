import { isSpace } from '../byte-strings.ts'
import { readDisposition } from './content-disposition.ts'

/** A part while its headers are read. */
export type Part = {
  name: string
  fileName: string
  /** Where its content starts; -1 while headers are read. */
  dataStart: number
  hasData: boolean
  /** Header values by lower-case name. */
  readonly headers: Map<string, string>
  readonly headerLines: string[]
  lastName: string
  lastLine: string
}

/** What went wrong, or not; shared by all parts of a body. */
export type MultipartNotes = {
  /** The last error; null when there is none. */
  error: string | null
  /** Stops the reading at once, other errors do not. */
  isStopped: boolean
  /** Stopped because there are more parts than may be read. */
  isCutShort: boolean
  hasDataBefore: boolean
  hasDataAfter: boolean
  hasFolding: boolean
  hasInvalidFolding: boolean
  hasLfLine: boolean
  hasCrlfLine: boolean
  hasInvalidQuoting: boolean
  hasInvalidPart: boolean
  unmatchedBoundary: 0 | 1 | 2
  readonly names: string[]
  readonly fileNames: string[]
}

const maxHeaderValue = 4_096

export const newPart = (): Part => ({
  name: '',
  fileName: '',
  dataStart: -1,
  hasData: false,
  headers: new Map(),
  headerLines: [],
  lastName: '',
  lastLine: '',
})

/** Reads one header line with its line end; says why it is not one, or null. */
export function readHeaderLine(part: Part, line: string, notes: MultipartNotes): string | null {
  if (line.includes('\0')) return 'Nul byte in part headers.'
  const isCrlf = line.endsWith('\r\n')
  if (isCrlf) notes.hasCrlfLine = true
  else notes.hasLfLine = true
  const text = line.slice(0, isCrlf ? -2 : -1)
  if (text === '') return null
  return isSpace(text.charCodeAt(0)) ? readFolded(part, text, notes) : readNew(part, text)
}

/** Reads the empty line behind the headers; says why the content cannot begin, or null. */
export function endHeaders(part: Part, line: string, notes: MultipartNotes): string | null {
  if (line === '\n') notes.hasLfLine = true
  else notes.hasCrlfLine = true
  keepLastLine(part)
  const value = part.headers.get('content-disposition')
  return value === undefined ? 'Part missing Content-Disposition header.' : readNames(part, value, notes)
}

/** Why a Content-Disposition is not one, or null. */
function readNames(part: Part, value: string, notes: MultipartNotes): string | null {
  const disposition = readDisposition(value)
  // A part whose headers failed can get here twice; its first names stay.
  if (part.name === '') part.name = disposition.name
  if (part.fileName === '') part.fileName = disposition.fileName
  notes.names.push(...disposition.names)
  notes.fileNames.push(...disposition.fileNames)
  if (disposition.hasInvalidQuoting) notes.hasInvalidQuoting = true
  if (disposition.code < 0) return `Invalid Content-Disposition header (${disposition.code}): ${value}.`
  if (part.name === '') return 'Content-Disposition header missing name field.'
  // Simple readers look for exactly this; they would take the file for a field.
  if (part.fileName !== '' && !value.includes('filename=')) return 'Invalid Content-Disposition header (filename).'
  return null
}

function readFolded(part: Part, text: string, notes: MultipartNotes): string | null {
  notes.hasFolding = true
  if (!isFold(text.charCodeAt(0))) notes.hasInvalidFolding = true
  if (part.lastName === '') return 'Invalid part header (folding error).'
  let start = 0
  for (; start < text.length && isSpace(text.charCodeAt(start)); start += 1) {
    if (!isFold(text.charCodeAt(start))) notes.hasInvalidFolding = true
  }
  // Only white space: the line end is part of it.
  if (start === text.length) notes.hasInvalidFolding = true
  const value = `${part.headers.get(part.lastName.toLowerCase()) ?? ''} ${text.slice(start)}`
  if (value.length > maxHeaderValue) return 'Part header too long.'
  part.headers.set(part.lastName.toLowerCase(), value)
  part.lastLine = `${part.lastName}: ${value}`
  return null
}

const isFold = (code: number): boolean => code === 0x20 || code === 0x09

function readNew(part: Part, text: string): string | null {
  keepLastLine(part)
  const colon = text.indexOf(':')
  if (colon === -1) return `Invalid part header (colon missing): ${text}.`
  if (colon === 0) return 'Invalid part header (header name missing).'
  const name = text.slice(0, colon)
  let start = colon + 1
  while (text[start] === ' ' || text[start] === '\t') start += 1
  // libmodsecurity 3.0.9 drops a second one without a word; 2.9 refuses it, and so does this.
  if (part.headers.has(name.toLowerCase())) return `Duplicate part header: ${name}.`
  part.headers.set(name.toLowerCase(), text.slice(start))
  part.lastName = name
  part.lastLine = text
  return null
}

function keepLastLine(part: Part): void {
  if (part.lastLine !== '') part.headerLines.push(part.lastLine)
  part.lastLine = ''
}
