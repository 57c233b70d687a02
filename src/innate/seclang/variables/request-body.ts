import { mediaTypeOf } from '../../../request/media-type.ts'
import type { BodyProcessor, ProgramSettings } from '../program.ts'
import { type FormNote, readForm } from './form-arguments.ts'
import { readJson } from './json-arguments.ts'
import type { Member } from './message-variables.ts'
import { type MultipartReading, readMultipart } from './multipart-body.ts'
import { readBoundary } from './multipart-boundary.ts'
import type { XmlDocument } from './xml-document.ts'
import { readXml } from './xml-reader.ts'

/** What a body processor made of a request body. */
export type BodyReading = {
  readonly processor: BodyProcessor | null
  /** The part of the body within the limit. */
  readonly text: string
  readonly arguments: readonly Member[]
  /** Whether they are arguments of a form, and so in ARGS_POST. Leaves of JSON are only in ARGS. */
  readonly isForm: boolean
  /** For REQBODY_ERROR_MSG; null when the body is fine. */
  readonly error: string | null
  /** The error is one of the processor, not of a limit. */
  readonly isProcessorError: boolean
  /** More than a limit allows: INBOUND_DATA_ERROR. */
  readonly isTooLarge: boolean
  /** There are more arguments or parts than are read, so that no rule sees the rest. */
  readonly isCutShort: boolean
  readonly multipart: MultipartReading | null
  readonly xml: XmlDocument | null
}

export type BodySource = {
  readonly bytes: Uint8Array
  readonly text: string
  /** '' when there is none. */
  readonly contentType: string
  readonly isTooLarge: boolean
  /** Arguments of the query string, which count too. */
  readonly queryArguments: number
  readonly urlNote: FormNote
}

const noFilesError = 'Request body excluding files is bigger than the maximum expected.'

/** What the content type alone says; JSON and XML are for `ctl:requestBodyProcessor` to choose. */
export function processorOf(contentType: string, typed: readonly BodyProcessor[]): BodyProcessor | null {
  const lower = contentType.slice(0, 80).toLowerCase()
  if (lower.startsWith('multipart/form-data')) return 'MULTIPART'
  if (lower.startsWith('application/x-www-form-urlencoded')) return 'URLENCODED'
  const media = mediaTypeOf(lower)
  if (typed.includes('JSON') && /[/+]json$/.test(media)) return 'JSON'
  return typed.includes('XML') && /[/+]xml$/.test(media) ? 'XML' : null
}

export function readRequestBody(
  source: BodySource,
  processor: BodyProcessor | null,
  settings: ProgramSettings,
): BodyReading {
  const plain: BodyReading = {
    processor,
    text: source.text,
    arguments: [],
    isForm: false,
    error: null,
    isProcessorError: false,
    isTooLarge: source.isTooLarge,
    isCutShort: false,
    multipart: null,
    xml: null,
  }
  if (processor === null) return plain
  if (processor === 'MULTIPART') return readParts(plain, source, settings)
  if (source.text.length > settings.requestBodyNoFilesLimit) {
    return { ...plain, error: noFilesError, isTooLarge: true }
  }
  const maxArguments = Math.max(0, settings.argumentsLimit - source.queryArguments)
  if (processor === 'URLENCODED') {
    const spec = { separator: settings.argumentSeparator, maxArguments }
    return { ...plain, arguments: readForm(source.text, spec, source.urlNote), isForm: true }
  }
  if (processor === 'XML') {
    const xml = readXml(source.bytes)
    return failing({ ...plain, xml }, xml.error === null ? null : `XML parsing error: XML: ${xml.error}`)
  }
  const json = readJson(source.text, { maxDepth: settings.jsonDepthLimit, maxArguments })
  const hasError = json.error !== null && source.text !== ''
  const { members, isCutShort } = json
  return failing({ ...plain, arguments: members, isCutShort }, hasError ? `JSON parsing error: ${json.error}` : null)
}

const failing = (reading: BodyReading, error: string | null): BodyReading =>
  error === null ? reading : { ...reading, error, isProcessorError: true }

function readParts(plain: BodyReading, source: BodySource, settings: ProgramSettings): BodyReading {
  const multipart = readMultipart(source.text, readBoundary(source.contentType), settings.argumentsLimit)
  const fields: Member[] = []
  let fileBytes = 0
  for (const part of multipart.parts) {
    if (part.fileName === '') fields.push({ key: part.name, value: source.text.slice(part.start, part.end) })
    else fileBytes += part.end - part.start
  }
  const reading: BodyReading = {
    ...plain,
    arguments: fields,
    isForm: true,
    isCutShort: multipart.notes.isCutShort,
    multipart,
  }
  if (multipart.notes.error !== null) return failing(reading, `Multipart parsing error: ${multipart.notes.error}`)
  if (source.text.length - fileBytes <= settings.requestBodyNoFilesLimit) return reading
  return { ...reading, error: noFilesError, isTooLarge: true }
}
