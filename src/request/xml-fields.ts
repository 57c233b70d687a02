import type { FieldNode } from './catalog.ts'
import { fieldFlags } from './field.ts'
import type { FieldCollector } from './field-collector.ts'
import { isPlainName } from './field-name.ts'

/**
 * Reads XML 1.0 just far enough to name its texts: `/order/item` for the text of an element, `/order/item@id` for an
 * attribute. Nothing is resolved, no entity is defined. A document type becomes a field `!doctype` and an oddity, since
 * it is where external entities come from. Returns false when the tags do not nest.
 */
export function collectXml(collector: FieldCollector, text: string, root: FieldNode | undefined): boolean {
  const path: string[] = []
  let position = 0
  while (position < text.length && !collector.isFull) {
    const open = text.indexOf('<', position)
    if (open === -1) return path.length === 0 && collectText(collector, { text: text.slice(position), path }, root)
    collectText(collector, { text: text.slice(position, open), path }, root)
    const end = collectMarkup(collector, { text, open, path }, root)
    if (end === -1) return false
    position = end
  }
  return path.length === 0
}

/** `path` holds the path of each open element, outermost first. */
type Place = { readonly text: string; readonly open: number; readonly path: string[] }

/** Handles what starts at `<`; returns the position behind it, or -1. */
function collectMarkup(collector: FieldCollector, place: Place, root: FieldNode | undefined): number {
  const { text, open, path } = place
  if (text.startsWith('<!--', open)) return after(text, '-->', open + 4)
  if (text.startsWith('<![CDATA[', open)) {
    const end = text.indexOf(']]>', open)
    if (end === -1) return -1
    collectText(collector, { text: text.slice(open + 9, end), path }, root)
    return end + 3
  }
  if (text.startsWith('<?', open)) return after(text, '?>', open + 2)
  if (text.startsWith('<!', open)) return collectDoctype(collector, text, open)
  const end = tagEnd(text, open)
  if (end === -1) return -1
  if (text[open + 1] === '/') {
    path.pop()
    return end + 1
  }
  if (!collectTag(collector, { tag: text.slice(open + 1, end), path }, root)) return -1
  return end + 1
}

function collectDoctype(collector: FieldCollector, text: string, open: number): number {
  const close = text.indexOf('>', open)
  const subset = close === -1 ? -1 : text.slice(open, close).indexOf('[') + open
  const end = subset >= open ? after(text, ']', subset) : close
  if (end === -1) return -1
  const stop = text.indexOf('>', end)
  if (stop === -1) return -1
  collector.odd('doctype', 'the document declares a document type')
  collector.push('xml', '!doctype', text.slice(open, stop + 1), -1, collector.sharedSlot('xml', '!doctype'))
  return stop + 1
}

function collectTag(
  collector: FieldCollector,
  source: { readonly tag: string; readonly path: string[] },
  root: FieldNode | undefined,
): boolean {
  const isEmpty = source.tag.endsWith('/')
  const inner = isEmpty ? source.tag.slice(0, -1) : source.tag
  const nameEnd = /[\s/]/.exec(inner)?.index ?? inner.length
  const name = inner.slice(0, nameEnd)
  if (name === '') return false
  if (source.path.length >= collector.limits.maxDepth) {
    collector.odd('too-deep', `nesting deeper than ${collector.limits.maxDepth}`)
    return false
  }
  source.path.push(deeper(collector, source.path.at(-1) ?? '', name))
  collectAttributes(collector, { text: inner.slice(nameEnd), path: source.path }, root)
  if (isEmpty) source.path.pop()
  return true
}

/**
 * Path of an element below another one. It is capped: it is built for every text and attribute, so that one long name
 * over many of them would cost its length each time. A name that is cut off is looked at once, as a value.
 */
function deeper(collector: FieldCollector, parent: string, name: string): string {
  const { maxNameLength } = collector.limits
  const isLong = name.length > maxNameLength
  if (isLong) collector.odd('name-too-long', `an element name of ${name.length} characters`)
  const isCut = isLong || parent.length + 1 + name.length > 2 * maxNameLength
  if (isCut && !isPlainName(name)) {
    collector.push('xml', '{name}', name, -1, collector.sharedSlot('xml', '{name}'), fieldFlags.fromName)
  }
  return `${parent}/${name.slice(0, maxNameLength)}`.slice(0, 2 * maxNameLength)
}

/** `name = "value"` pairs, found from one `=` to the next so that no text is read twice. */
function collectAttributes(
  collector: FieldCollector,
  source: { readonly text: string; readonly path: readonly string[] },
  root: FieldNode | undefined,
): void {
  const { text } = source
  let start = 0
  let equals = text.indexOf('=')
  while (equals !== -1) {
    const name = text.slice(start, equals).trim()
    let open = equals + 1
    while (text.charCodeAt(open) <= 0x20) open += 1
    const mark = text.charAt(open)
    if (mark !== '"' && mark !== "'") return
    const close = text.indexOf(mark, open + 1)
    if (close === -1) return
    collector.add('xml', root, `${source.path.at(-1) ?? '/'}@${name}`, text.slice(open + 1, close))
    start = close + 1
    equals = text.indexOf('=', start)
  }
}

function collectText(
  collector: FieldCollector,
  source: { readonly text: string; readonly path: readonly string[] },
  root: FieldNode | undefined,
): boolean {
  const trimmed = source.text.trim()
  if (trimmed !== '') collector.add('xml', root, source.path.at(-1) ?? '/', trimmed)
  return true
}

/** End of a tag, quotes respected; -1 when it does not end. */
function tagEnd(text: string, open: number): number {
  let quoted = 0
  for (let index = open + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (quoted !== 0) {
      if (code === quoted) quoted = 0
    } else if (code === 0x22 || code === 0x27) quoted = code
    else if (code === 0x3e) return index
  }
  return -1
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? -1 : at + mark.length
}
