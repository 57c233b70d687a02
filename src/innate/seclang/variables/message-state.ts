import { once } from '../../../core/once.ts'
import { mediaTypeOf } from '../../../request/media-type.ts'
import type { RequestView } from '../../../request/request-view.ts'
import type { BodyProcessor, ProgramSettings } from '../program.ts'
import { textOfBytes } from './byte-text.ts'
import { type FormNote, readForm } from './form-arguments.ts'
import type { Member } from './message-variables.ts'
import { type BodyReading, type BodySource, processorOf, readRequestBody } from './request-body.ts'
import { readCookies } from './request-cookies.ts'
import { readTarget, type TargetParts } from './request-target.ts'

/** What is known of one request and its answer. The parts that cost something are read when first asked for. */
export type MessageState = {
  readonly view: RequestView
  readonly settings: ProgramSettings
  readonly target: () => TargetParts
  readonly query: () => readonly Member[]
  readonly cookies: () => readonly Member[]
  readonly headers: () => readonly Member[]
  /** Percent signs that decode to nothing, in the query string or a form. */
  readonly urlNote: FormNote
  readonly processor: () => BodyProcessor | null
  chosenProcessor: BodyProcessor | null
  body: BodyReading | null
  /** `ctl:forceRequestBodyVariable`: REQUEST_BODY is there whatever the processor. */
  isBodyForced: boolean
  response: ResponseState | null
}

export type ResponseState = {
  readonly status: number
  readonly protocol: string
  readonly headers: readonly Member[]
  /** '' when there is none. */
  readonly contentType: string
  body: string
  isCut: boolean
}

export function createMessageState(view: RequestView, settings: ProgramSettings): MessageState {
  const urlNote: FormNote = { isInvalid: false, isCut: false }
  const target = once(() => readTarget(view.target))
  const spec = { separator: settings.argumentSeparator, maxArguments: settings.argumentsLimit }
  const typed = once(() =>
    processorOf(contentTypeOf(view.rawHeaders, settings.typedProcessors), settings.typedProcessors),
  )
  const state: MessageState = {
    view,
    settings,
    urlNote,
    target,
    query: once(() => readForm(target().query, spec, urlNote)),
    cookies: once(() => cookiesOf(view.rawHeaders)),
    headers: once(() => headerMembers(view.rawHeaders)),
    processor: () => state.chosenProcessor ?? typed(),
    chosenProcessor: null,
    body: null,
    isBodyForced: false,
    response: null,
  }
  return state
}

export function readBodyInto(state: MessageState, processor: BodyProcessor | null): void {
  if (processor !== null) state.chosenProcessor = processor
  const { view, settings } = state
  const whole = view.body ?? new Uint8Array(0)
  // As in the reference, a limit of 0 is none.
  const isOver = settings.requestBodyLimit > 0 && whole.length > settings.requestBodyLimit
  const bytes = isOver ? whole.subarray(0, settings.requestBodyLimit) : whole
  const source: BodySource = {
    bytes,
    text: textOfBytes(bytes),
    contentType: contentTypeOf(view.rawHeaders, settings.typedProcessors),
    isTooLarge: isOver || view.isBodyCut,
    queryArguments: state.query().length,
    urlNote: state.urlNote,
  }
  state.body = withArgumentsLimit(readRequestBody(source, state.processor(), settings), state.urlNote)
}

/** The reference 3.0.9 drops arguments beyond SecArgumentsLimit in silence; 2.9.7 reports it, and so does this. */
function withArgumentsLimit(body: BodyReading, note: FormNote): BodyReading {
  return note.isCut ? { ...body, isCutShort: true, error: body.error ?? 'SecArgumentsLimit exceeded' } : body
}

export function responseOf(status: number, rawHeaders: readonly string[], protocol: string): ResponseState {
  const type = lastHeader(rawHeaders, 'content-type')
  const semicolon = type.indexOf(';')
  return {
    status,
    protocol,
    headers: headerMembers(rawHeaders),
    contentType: semicolon === -1 ? type : type.slice(0, semicolon),
    body: '',
    isCut: false,
  }
}

/** Whether bodies of answers of a content type are looked at. */
export function isReadType({ responseBodyMimeTypes: types }: ProgramSettings, contentType: string): boolean {
  return types.length === 0 || types.includes('*') || types.includes(mediaTypeOf(contentType))
}

/** Keeps a response body when its type is one that is looked at, up to the limit. */
export function keepResponseBody(response: ResponseState, body: Uint8Array, settings: ProgramSettings): void {
  if (!isReadType(settings, response.contentType)) return
  response.isCut = settings.responseBodyLimit > 0 && body.length > settings.responseBodyLimit
  response.body = textOfBytes(response.isCut ? body.subarray(0, settings.responseBodyLimit) : body)
}

export function headerMembers(rawHeaders: readonly string[]): readonly Member[] {
  const members: Member[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    members.push({ key: rawHeaders[index] ?? '', value: rawHeaders[index + 1] ?? '' })
  }
  return members
}

/** The last value of a header by its lower-case name; '' when it is absent. */
export function lastHeader(rawHeaders: readonly string[], name: string): string {
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isNamed(rawHeaders[index], name)) return rawHeaders[index + 1] ?? ''
  }
  return ''
}

/** The last Content-Type that a processor reads, else the last. Two of them are two bodies to two readers. */
function contentTypeOf(rawHeaders: readonly string[], typed: readonly BodyProcessor[]): string {
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    const value = rawHeaders[index + 1] ?? ''
    if (isNamed(rawHeaders[index], 'content-type') && processorOf(value, typed) !== null) return value
  }
  return lastHeader(rawHeaders, 'content-type')
}

const isNamed = (header: string | undefined, name: string): boolean =>
  header !== undefined && header.length === name.length && header.toLowerCase() === name

function cookiesOf(rawHeaders: readonly string[]): readonly Member[] {
  const members: Member[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (isNamed(rawHeaders[index], 'cookie')) readCookies(rawHeaders[index + 1] ?? '', members)
  }
  return members
}
