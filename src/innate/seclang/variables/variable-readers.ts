import { lastHeader, type MessageState } from './message-state.ts'
import type { Member } from './message-variables.ts'
import { multipartReaders } from './multipart-readers.ts'

export type VariableReader = (state: MessageState) => readonly Member[]

const none: readonly Member[] = []

const scalar =
  (read: (state: MessageState) => string): VariableReader =>
  (state) => [{ key: '', value: read(state) }]

/** The names of members, as values under themselves. */
const namesOf =
  (read: VariableReader): VariableReader =>
  (state) =>
    read(state).map(({ key }) => ({ key, value: key }))

const flag = (isSet: boolean | undefined): string => (isSet === true ? '1' : '0')

const args: VariableReader = (state) => {
  const query = state.query()
  const body = state.body?.arguments ?? none
  if (body.length === 0) return query
  return query.length === 0 ? body : [...query, ...body]
}
const argsPost: VariableReader = (state) => (state.body?.isForm === true ? state.body.arguments : none)
const requestHeaders: VariableReader = (state) => state.headers()
const responseHeaders: VariableReader = (state) => state.response?.headers ?? none
const status = scalar((state) => (state.response === null ? '' : String(state.response.status)))
const path = scalar((state) => state.target().path)

const requestReaders: readonly (readonly [string, VariableReader])[] = [
  ['ARGS', args],
  ['ARGS_NAMES', namesOf(args)],
  ['ARGS_GET', (state) => state.query()],
  ['ARGS_GET_NAMES', namesOf((state) => state.query())],
  ['ARGS_POST', argsPost],
  ['ARGS_POST_NAMES', namesOf(argsPost)],
  ['ARGS_COMBINED_SIZE', scalar((state) => String(sizeOf(args(state))))],
  ['AUTH_TYPE', scalar((state) => firstWord(lastHeader(state.view.rawHeaders, 'authorization')))],
  ['FULL_REQUEST', scalar(fullRequest)],
  ['FULL_REQUEST_LENGTH', scalar((state) => (state.body === null ? '' : String(fullRequest(state).length)))],
  ['GEO', () => none],
  ['PATH_INFO', path],
  ['QUERY_STRING', scalar((state) => state.target().query)],
  ['REMOTE_ADDR', scalar((state) => state.view.remoteAddress)],
  ['REMOTE_HOST', scalar((state) => state.view.remoteAddress)],
  ['REMOTE_PORT', scalar(() => '')],
  ['REMOTE_USER', remoteUser],
  ['REQUEST_BASENAME', scalar((state) => state.target().basename)],
  ['REQUEST_COOKIES', (state) => state.cookies()],
  ['REQUEST_COOKIES_NAMES', namesOf((state) => state.cookies())],
  ['REQUEST_FILENAME', path],
  ['REQUEST_HEADERS', requestHeaders],
  ['REQUEST_HEADERS_NAMES', namesOf(requestHeaders)],
  ['REQUEST_LINE', scalar(({ view }) => `${view.method} ${view.target} ${protocolOf(view.httpVersion)}`)],
  ['REQUEST_METHOD', scalar((state) => state.view.method)],
  ['REQUEST_PROTOCOL', scalar((state) => protocolOf(state.view.httpVersion))],
  ['REQUEST_URI', scalar((state) => state.target().uri)],
  ['REQUEST_URI_RAW', scalar((state) => state.view.target)],
  ['SERVER_ADDR', scalar(() => '')],
  ['SERVER_NAME', scalar((state) => hostName(lastHeader(state.view.rawHeaders, 'host')))],
  ['SERVER_PORT', scalar(() => '')],
  ['WEBAPPID', scalar((state) => state.settings.webAppId)],
  ['WEBSERVER_ERROR_LOG', scalar(() => '')],
]

const bodyReaders: readonly (readonly [string, VariableReader])[] = [
  ['INBOUND_DATA_ERROR', scalar(({ body }) => (body === null ? '' : flag(body.isTooLarge)))],
  ['REQBODY_ERROR', scalar(({ body }) => (body === null ? '' : flag(body.error !== null)))],
  ['REQBODY_ERROR_MSG', scalar(({ body }) => body?.error ?? '')],
  ['REQBODY_PROCESSOR', scalar((state) => state.processor() ?? '')],
  ['REQBODY_PROCESSOR_ERROR', scalar(({ body }) => (body === null ? '' : flag(body.isProcessorError)))],
  ['REQBODY_PROCESSOR_ERROR_MSG', scalar(({ body }) => (body?.isProcessorError === true ? (body.error ?? '') : ''))],
  ['REQUEST_BODY', scalar(rawBodyOf)],
  ['REQUEST_BODY_LENGTH', scalar(({ body }) => (body === null || body.text === '' ? '' : String(body.text.length)))],
  [
    'URLENCODED_ERROR',
    scalar((state) => {
      state.query()
      return flag(state.urlNote.isInvalid)
    }),
  ],
  // Only a path says what of a document is meant.
  ['XML', () => none],
]

const responseReaders: readonly (readonly [string, VariableReader])[] = [
  ['OUTBOUND_DATA_ERROR', scalar(({ response }) => (response === null ? '' : flag(response.isCut)))],
  ['RESPONSE_BODY', scalar(({ response }) => response?.body ?? '')],
  ['RESPONSE_CONTENT_LENGTH', scalar(({ response }) => (response === null ? '' : String(response.body.length)))],
  ['RESPONSE_CONTENT_TYPE', scalar(({ response }) => response?.contentType ?? '')],
  ['RESPONSE_HEADERS', responseHeaders],
  ['RESPONSE_HEADERS_NAMES', namesOf(responseHeaders)],
  ['RESPONSE_PROTOCOL', scalar(({ response }) => response?.protocol ?? '')],
  ['RESPONSE_STATUS', status],
  ['STATUS', status],
  ['STATUS_LINE', status],
]

/** How each variable of a message is read. As in the reference, a scalar has one member even where it is empty. */
export const variableReaders: readonly (readonly [string, VariableReader])[] = [
  ...requestReaders,
  ...bodyReaders,
  ...multipartReaders,
  ...responseReaders,
]

function sizeOf(members: readonly Member[]): number {
  let size = 0
  for (const { key, value } of members) size += key.length + value.length
  return size
}

/** REQUEST_BODY with XML as well. */
export const allBytesReader: VariableReader = scalar(({ body }) => body?.text ?? '')

/**
 * XML that was read is asked for by XPath alone, as the manual has it and version 2 does (the rule set's own tests need
 * it: names of elements are no values). Version 3 shows the raw text besides.
 */
function rawBodyOf({ body, isBodyForced }: MessageState): string {
  if (body === null) return ''
  const isReadAsXml = body.xml !== null && body.error === null
  return isReadAsXml && !isBodyForced ? '' : body.text
}

const protocolOf = (version: string | undefined): string => `HTTP/${version ?? '1.1'}`

const firstWord = (text: string): string => {
  const space = text.indexOf(' ')
  return space === -1 ? text : text.slice(0, space)
}

/** A host without a port; an IPv6 address with its brackets. */
function hostName(host: string): string {
  const from = host.startsWith('[') ? Math.max(0, host.indexOf(']')) : 0
  const colon = host.indexOf(':', from)
  return colon === -1 ? host : host.slice(0, colon)
}

/** Headers and body without the request line, as libmodsecurity puts them together. */
function fullRequest(state: MessageState): string {
  if (state.body === null) return ''
  const lines = state.headers().map(({ key, value }) => `${key}: ${value}\n`)
  return `${lines.join('')}\n\n${state.body.text}`
}

function remoteUser(state: MessageState): readonly Member[] {
  const header = lastHeader(state.view.rawHeaders, 'authorization')
  if (!header.startsWith('Basic ')) return none
  const decoded = Buffer.from(header.slice(6), 'base64').toString('latin1')
  const colon = decoded.indexOf(':')
  return colon === -1 ? none : [{ key: '', value: decoded.slice(0, colon) }]
}
