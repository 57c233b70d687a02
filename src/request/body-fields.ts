import type { FieldLocation } from '../core/finding.ts'
import type { Catalog } from './catalog.ts'
import { bodyText } from './decode/utf8.ts'
import { wideText } from './decode/wide-text.ts'
import { fieldFlags } from './field.ts'
import type { FieldCollector } from './field-collector.ts'
import { collectForm } from './form-fields.ts'
import { collectJson } from './json-fields.ts'
import { mediaTypeOf } from './media-type.ts'
import { collectMultipart, parameterOf } from './multipart-fields.ts'
import { printableText } from './printable.ts'
import type { RequestHead } from './request-head.ts'
import type { RequestView } from './request-view.ts'
import { collectXml } from './xml-fields.ts'

/** How a body is read. */
export type BodyForm = 'json' | 'form' | 'multipart' | 'xml' | 'text' | 'opaque'

/** The form that a Content-Type declares (RFC 9110, 8.3); a missing type leaves it to the content. */
export function bodyFormOf(contentType: string): BodyForm | 'unknown' {
  const type = mediaTypeOf(contentType)
  if (type === '') return 'unknown'
  if (type === 'application/json' || type.endsWith('+json') || type.endsWith('/json')) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type === 'multipart/form-data' || type === 'multipart/mixed' || type === 'multipart/related') return 'multipart'
  if (type.endsWith('/xml') || type.endsWith('+xml')) return 'xml'
  if (type.startsWith('text/') || type === 'application/graphql' || type.endsWith('javascript')) return 'text'
  return type === 'application/csp-report' ? 'json' : 'opaque'
}

type Context = { readonly head: RequestHead; readonly catalog: Catalog }

/** Takes the fields out of a body. What cannot be read as declared is noted and still looked at as text. */
export function collectBody(collector: FieldCollector, view: RequestView, context: Context): void {
  const body = view.body ?? new Uint8Array()
  const declared = bodyFormOf(context.head.contentType)
  if (view.isBodyCut) collector.odd('body-cut', `only the first ${body.length} bytes were inspected`)
  if (declared === 'multipart') collectParts(collector, view, context)
  else if (declared === 'opaque') collectOpaque(collector, body)
  else collectTextual(collector, { body, declared }, context)
}

function collectTextual(
  collector: FieldCollector,
  source: { readonly body: Uint8Array; readonly declared: Exclude<BodyForm, 'multipart' | 'opaque'> | 'unknown' },
  context: Context,
): void {
  const { text, flags } = bodyText(source.body)
  const { declared } = source
  if ((flags & fieldFlags.invalidUtf8) !== 0) collector.odd('invalid-utf8', 'the body is not UTF-8')
  const form = declared === 'unknown' || declared === 'text' ? guessForm(text, declared) : declared
  collectText(collector, { text, flags, form }, context)
  // Beside the bytes and not instead of them: what looks wide to us may be bytes to the server.
  const wide = wideText(source.body)
  if (wide !== null) collectWide(collector, wide)
  if (collector.isCut) collector.pushBeyond('text', text, flags)
}

function collectText(
  collector: FieldCollector,
  source: { readonly text: string; readonly flags: number; readonly form: BodyForm },
  context: Context,
): void {
  const { text, flags, form } = source
  const root = (location: FieldLocation) => context.catalog.names(context.head.route, location)
  if (form === 'json') {
    if (collectJson(collector, { text, location: 'json', prefix: '' }, root('json')) || text.trim() === '') return
    collector.odd('malformed-json', 'the body is declared as JSON and is not')
    collectWhole(collector, text, flags)
  } else if (form === 'xml') {
    if (collectXml(collector, text, root('xml'))) return
    collector.odd('malformed-xml', 'the body is declared as XML and its tags do not nest')
    collectWhole(collector, text, flags)
  } else if (form === 'form') {
    collectForm(collector, { text, location: 'form', flags }, root('form'))
  } else collectWhole(collector, text, flags)
}

function collectWide(collector: FieldCollector, text: string): void {
  collector.push('body', 'wide', text, -1, collector.sharedSlot('body', 'wide'))
}

function collectWhole(collector: FieldCollector, text: string, flags: number): void {
  collector.push('body', 'text', text, -1, collector.sharedSlot('body', 'text'), flags)
}

function collectParts(collector: FieldCollector, view: RequestView, context: Context): void {
  const boundary = parameterOf(context.head.contentType, 'boundary')
  const body = view.body ?? new Uint8Array()
  const source = { body, boundary: boundary ?? '', isCut: view.isBodyCut }
  const isWhole =
    boundary !== null &&
    boundary !== '' &&
    collectMultipart(collector, source, context.catalog.names(context.head.route, 'multipart'))
  if (collector.isCut) collector.pushBeyond('printable', printableText(body), 0)
  if (isWhole) return
  collector.odd('malformed-multipart', 'the body does not follow its multipart boundary')
  collectOpaque(collector, body)
}

/** Bytes of no known form: what is printable in them; text that looks like JSON or a form is read as such. */
function collectOpaque(collector: FieldCollector, body: Uint8Array): void {
  const text = printableText(body)
  if (text !== '') collector.push('body', 'printable', text, -1, collector.sharedSlot('body', 'printable'))
}

const formStart = /^[\w.[\]%+-]{1,64}=/

/** What a body without a telling type is read as. */
function guessForm(text: string, declared: 'unknown' | 'text'): BodyForm {
  const first = text.trimStart().charAt(0)
  if (first === '{' || first === '[') return looksWhole(text, first) ? 'json' : 'text'
  if (declared === 'text') return 'text'
  if (first === '<') return 'xml'
  return formStart.test(text) ? 'form' : 'text'
}

function looksWhole(text: string, first: string): boolean {
  return text.trimEnd().endsWith(first === '{' ? '}' : ']')
}
