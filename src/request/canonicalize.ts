/**
 * Room request: the request made plain, once, for all layers: canonical text, fields, route, client.
 * It must not judge: what is odd is noted, and others say what that means.
 */
import type { Config } from '../config/schema.ts'
import { collectBody } from './body-fields.ts'
import type { CanonicalRequest } from './canonical-request.ts'
import type { Catalog, FieldNode } from './catalog.ts'
import { wireText } from './decode/utf8.ts'
import { unfoldEmbedded } from './embedded.ts'
import { fieldFlags } from './field.ts'
import { FieldCollector } from './field-collector.ts'
import { collectForm } from './form-fields.ts'
import type { RequestHead } from './request-head.ts'
import type { RequestView } from './request-view.ts'
import { maxSegments } from './route.ts'

/** Turns what came off the wire into what the layers read. Total: any bytes give a result. */
export type Canonicalizer = (view: RequestView, head: RequestHead) => CanonicalRequest

/** Headers whose content is framing or is read elsewhere: they hold no values to inspect. */
const skippedHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'cookie',
])

export function createCanonicalizer(options: {
  readonly limits: Config['request']
  readonly catalog: Catalog
}): Canonicalizer {
  const { catalog, limits } = options
  const collector = new FieldCollector({ limits, catalog, unfold: unfoldEmbedded })
  return (view, head) => {
    collector.begin(head.route.service, head.route)
    collectPath(collector, head, catalog.names(head.route, 'path'))
    if (head.query !== '') {
      const text = wireText(head.query)
      collectForm(collector, { ...text, location: 'query' }, catalog.names(head.route, 'query'))
    }
    collectHeaders(collector, view, { head, root: catalog.names(head.route, 'header') })
    if (head.hints.cookie !== null) collectCookies(collector, head.hints.cookie, catalog.names(head.route, 'cookie'))
    if (view.rawHeaders.length > limits.maxHeaders * 2) {
      collector.odd(
        'too-many-headers',
        `${view.rawHeaders.length / 2} headers, at most ${limits.maxHeaders} are accepted`,
      )
    }
    if (view.body !== null && view.body.length > 0) collectBody(collector, view, { head, catalog })
    return {
      view,
      client: head.client,
      hints: head.hints,
      service: head.service,
      route: head.route,
      path: head.path.resolved,
      fields: collector.fields,
      oddities: collector.oddities,
    }
  }
}

/** Name of the field that holds the whole decoded path; the single segments are named by their position. */
export const wholePathName = '*'
const segmentNames = Array.from({ length: maxSegments + 1 }, (_, index) => `segment ${index}`)

function collectPath(collector: FieldCollector, head: RequestHead, root: FieldNode | undefined): void {
  const { decoded } = head.path
  const open = head.route.openSegments
  collector.push('path', wholePathName, decoded, -1, -1)
  let start = 1
  for (let position = 1; position <= maxSegments && start < decoded.length; position += 1) {
    const slash = decoded.indexOf('/', start)
    const end = slash === -1 || position === maxSegments ? decoded.length : slash
    if (end > start) {
      const isLiteral = open !== null && !open.includes(position)
      const name = segmentNames[position] ?? ''
      const slot = root?.children.get(name)?.slot ?? -1
      collector.push('path', name, decoded.slice(start, end), slot, slot, isLiteral ? fieldFlags.literal : 0)
    }
    start = end + 1
  }
}

function collectHeaders(
  collector: FieldCollector,
  view: RequestView,
  context: { readonly head: RequestHead; readonly root: FieldNode | undefined },
): void {
  const names = context.head.headerNames
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? ''
    if (skippedHeaders.has(name)) continue
    const value = wireText(view.rawHeaders[index * 2 + 1] ?? '')
    collector.add('header', context.root, name, value.text, value.flags)
  }
}

function collectCookies(collector: FieldCollector, header: string, root: FieldNode | undefined): void {
  let start = 0
  let equals = header.indexOf('=')
  while (start < header.length) {
    let end = header.indexOf(';', start)
    if (end === -1) end = header.length
    // Looked for only once it was passed: a header of many `;` and no `=` is not searched to its end each time.
    if (equals !== -1 && equals < start) equals = header.indexOf('=', start)
    const hasName = equals !== -1 && equals < end
    const name = hasName ? header.slice(start, equals).trim() : ''
    const value = header.slice(hasName ? equals + 1 : start, end).trim()
    if (name !== '' || value !== '') {
      const text = wireText(unquote(value))
      collector.add('cookie', root, name, text.text, text.flags)
    }
    start = end + 1
  }
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
