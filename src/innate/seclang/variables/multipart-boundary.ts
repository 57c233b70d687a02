import { isSpace } from '../byte-strings.ts'

/** What the Content-Type of a multipart body says about its boundary. */
export type Boundary = {
  /** '' when there is an error. */
  readonly text: string
  readonly error: string | null
  readonly isQuoted: boolean
  readonly hasWhitespace: boolean
  readonly isSemicolonMissing: boolean
}

const maxHeaderLength = 1_024
const typeLength = 'multipart/form-data'.length

type Notes = { isQuoted: boolean; hasWhitespace: boolean; isSemicolonMissing: boolean }

/** Strict, since two readers that find two boundaries see two bodies. */
export function readBoundary(contentType: string): Boundary {
  const notes: Notes = { isQuoted: false, hasWhitespace: false, isSemicolonMissing: false }
  const found = findBoundary(contentType, notes)
  return { ...notes, text: found.error === null ? found.text : '', error: found.error }
}

type Found = { readonly text: string; readonly error: string | null }

const refuse = (what: string): Found => ({ text: '', error: `Multipart: Invalid boundary in C-T (${what}).` })

function findBoundary(header: string, notes: Notes): Found {
  if (header === '') return { text: '', error: 'Multipart: Content-Type header not available.' }
  if (header.length > maxHeaderLength) return refuse('length')
  const lower = header.toLowerCase()
  if (!lower.startsWith('multipart/form-data')) return { text: '', error: 'Multipart: Invalid MIME type.' }
  const count = countParameters(lower)
  if (count > 1) return { text: '', error: 'Multipart: Multiple boundary parameters in C-T.' }
  const at = header.indexOf('boundary')
  if (at === -1) {
    return count > 0 ? refuse('case sensitivity') : { text: '', error: 'Multipart: Boundary not found in C-T.' }
  }
  return checkLead(header, at, notes) ? readValue(header, at, notes) : refuse('malformed')
}

/** Between the type and the parameter: white space and at most one semicolon. */
function checkLead(header: string, at: number, notes: Notes): boolean {
  let semicolons = 0
  for (let index = typeLength; index < at; index += 1) {
    if (isSpace(header.charCodeAt(index))) continue
    if (header[index] !== ';' || semicolons > 0) return false
    semicolons += 1
  }
  notes.isSemicolonMissing = semicolons === 0
  return true
}

function readValue(header: string, at: number, notes: Notes): Found {
  const equals = header.indexOf('=', at + 8)
  if (equals === -1) return refuse('malformed')
  for (let index = at + 8; index < equals; index += 1) {
    if (!isSpace(header.charCodeAt(index))) return refuse('parameter name')
    notes.hasWhitespace = true
  }
  const value = header.slice(equals + 1)
  if (isSpace(value.charCodeAt(0))) notes.hasWhitespace = true
  const opens = value.startsWith('"')
  const closes = value.length >= 2 && value.endsWith('"')
  if (opens !== closes) return refuse('quote')
  notes.isQuoted = opens
  return checkText(opens ? value.slice(1, -1) : value)
}

function checkText(value: string): Found {
  // libmodsecurity reads nothing of a body with an empty boundary, and says nothing; that would hide the body.
  if (value === '') return refuse('empty')
  if (countParameters(value.toLowerCase()) > 0) return refuse('content')
  const semicolon = value.indexOf(';')
  const text = !hasValidCharacters(value) && semicolon !== -1 ? value.slice(0, semicolon) : value
  if (!hasValidCharacters(text)) return refuse('characters')
  return text === '' ? refuse('empty') : { text, error: null }
}

/** How often `boundary` stands before an `=`. */
function countParameters(lower: string): number {
  const lastEquals = lower.lastIndexOf('=')
  let count = 0
  for (let at = lower.indexOf('boundary'); at !== -1; at = lower.indexOf('boundary', at + 8)) {
    if (lastEquals >= at + 8) count += 1
  }
  return count
}

/** RFC 2046, section 5.1.1; a space not as the last character. */
function hasValidCharacters(text: string): boolean {
  return /^[0-9A-Za-z'()+_,\-./:=? ]*$/.test(text) && !text.endsWith(' ')
}
