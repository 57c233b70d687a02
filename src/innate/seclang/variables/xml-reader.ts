import { isSpace } from '../byte-strings.ts'
import { readDoctype } from './xml-doctype.ts'
import { createXmlBuilder, type RawAttribute, type XmlBuilder, type XmlDocument } from './xml-document.ts'
import { decodeXml } from './xml-encoding.ts'
import { type EntityTest, hasForbiddenControl, isXmlName, normalizeLineEnds, resolveReferences } from './xml-text.ts'

/** The depth that libxml2 reads. */
const maxDepth = 257

/** Reads XML 1.0 and checks that it is well-formed, in one pass. Nothing is loaded, no entity is expanded. */
export function readXml(bytes: Uint8Array): XmlDocument {
  const { text, error } = decodeXml(bytes)
  const builder = createXmlBuilder()
  const reading: Reading = {
    text,
    builder,
    position: 0,
    error,
    hasRoot: false,
    hasDoctype: false,
    isDeclared: () => false,
  }
  let goesOn = readDeclaration(reading)
  while (goesOn && reading.position < text.length) goesOn = readPiece(reading)
  if (!reading.hasRoot) reading.error ??= 'there is no element'
  if (builder.depth() > 0) reading.error ??= `<${builder.openName()}> is not closed`
  return builder.finish(reading.error)
}

type Reading = {
  readonly text: string
  readonly builder: XmlBuilder
  position: number
  error: string | null
  hasRoot: boolean
  hasDoctype: boolean
  isDeclared: EntityTest
}

/** Notes the first fault; always false, as the steps below say when they cannot go on. */
function fail(reading: Reading, why: string): false {
  reading.error ??= `${why} at byte ${reading.position}`
  return false
}

function readDeclaration(reading: Reading): boolean {
  const { text } = reading
  if (!text.startsWith('<?xml') || !isSpace(text.charCodeAt(5))) return true
  const end = text.indexOf('?>')
  if (end === -1 || !declarationForm.test(text.slice(5, end))) return fail(reading, 'the XML declaration is malformed')
  reading.position = end + 2
  return true
}

const declarationForm =
  /^\s+version\s?=\s?(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s?=\s?(?:"[A-Za-z0-9._-]+"|'[A-Za-z0-9._-]+'))?(?:\s+standalone\s?=\s?(?:"yes"|'yes'|"no"|'no'))?\s*$/

function readPiece(reading: Reading): boolean {
  const { text, position } = reading
  if (text.charCodeAt(position) !== 0x3c) return readText(reading)
  if (text.startsWith('<!--', position)) return readComment(reading)
  if (text.startsWith('<![CDATA[', position)) return readCdata(reading)
  if (text.startsWith('<?', position)) return readInstruction(reading)
  if (text.startsWith('<!DOCTYPE', position)) return readType(reading)
  return text.startsWith('</', position) ? readClose(reading) : readOpen(reading)
}

function readText(reading: Reading): boolean {
  const { text, position, builder } = reading
  const next = text.indexOf('<', position)
  const end = next === -1 ? text.length : next
  const raw = text.slice(position, end)
  if (builder.depth() === 0) {
    if (hasText(raw)) return fail(reading, 'text outside of the root element')
  } else {
    if (raw.includes(']]>') || hasForbiddenControl(raw)) return fail(reading, 'a character that must not stand in text')
    const value = resolveReferences(normalizeLineEnds(raw), reading.isDeclared)
    if (value === null) return fail(reading, 'a reference that is malformed or not declared')
    builder.addText(value, false)
  }
  reading.position = end
  return true
}

function readComment(reading: Reading): boolean {
  const { text, position, builder } = reading
  const end = text.indexOf('--', position + 4)
  if (end === -1 || text.charAt(end + 2) !== '>') return fail(reading, 'a comment that does not end')
  if (hasForbiddenControl(text.slice(position, end))) return fail(reading, 'a forbidden character in a comment')
  builder.endText()
  reading.position = end + 3
  return true
}

function readCdata(reading: Reading): boolean {
  const { text, position, builder } = reading
  const end = text.indexOf(']]>', position + 9)
  if (end === -1 || builder.depth() === 0) return fail(reading, 'a CDATA section that does not end, or out of place')
  const raw = text.slice(position + 9, end)
  if (hasForbiddenControl(raw)) return fail(reading, 'a forbidden character in a CDATA section')
  builder.addText(normalizeLineEnds(raw), true)
  reading.position = end + 3
  return true
}

function readInstruction(reading: Reading): boolean {
  const { text, position, builder } = reading
  const end = text.indexOf('?>', position + 2)
  if (end === -1) return fail(reading, 'a processing instruction that does not end')
  const raw = text.slice(position + 2, end)
  const nameEnd = /[\t\n\r ]/.exec(raw)?.index ?? raw.length
  const name = raw.slice(0, nameEnd)
  if (!isXmlName(name) || name.toLowerCase() === 'xml' || hasForbiddenControl(raw)) {
    return fail(reading, 'a processing instruction without a proper name')
  }
  builder.endText()
  reading.position = end + 2
  return true
}

function readType(reading: Reading): boolean {
  const { text, position } = reading
  if (reading.hasRoot || reading.hasDoctype) return fail(reading, 'a document type out of place')
  const doctype = readDoctype(text, position)
  const name = /^\s+([^\s[>]+)/.exec(text.slice(position + 9, position + 265))?.[1] ?? ''
  if (doctype.end === -1 || !isXmlName(name)) return fail(reading, 'a malformed document type')
  reading.hasDoctype = true
  reading.isDeclared = (entity) => doctype.isOpen || doctype.entities.has(entity)
  reading.position = doctype.end
  return true
}

const hasText = (text: string): boolean => /[^\t\n\r ]/.test(text)

function readClose(reading: Reading): boolean {
  const { text, position, builder } = reading
  const end = text.indexOf('>', position)
  const name = end === -1 ? '' : text.slice(position + 2, end)
  const open = builder.openName()
  if (open === undefined || (name !== open && (!name.startsWith(open) || hasText(name.slice(open.length))))) {
    return fail(reading, `<${open ?? ''}> is not what is closed`)
  }
  builder.closeElement()
  reading.position = end + 1
  return true
}

function readOpen(reading: Reading): boolean {
  const { builder } = reading
  if (builder.depth() === 0 && reading.hasRoot) return fail(reading, 'a second root element')
  if (builder.depth() >= maxDepth) return fail(reading, `nesting deeper than ${maxDepth}`)
  const start = reading.position + 1
  const end = nameEnd(reading.text, start)
  const name = reading.text.slice(start, end)
  if (!isXmlName(name)) return fail(reading, 'a tag without a proper name')
  reading.position = end
  const attributes = readAttributes(reading)
  if (attributes === null) return false
  reading.hasRoot = true
  builder.openElement(name, attributes)
  if (reading.text.charCodeAt(reading.position) === 0x2f) {
    builder.closeElement()
    reading.position += 1
  }
  reading.position += 1
  return true
}

/** Behind a name: white space, `=`, `/`, `>`, a quote or another `<`. */
function nameEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && !isNameStop(text.charCodeAt(end))) end += 1
  return end
}

const isNameStop = (code: number): boolean =>
  code <= 0x20 || code === 0x22 || code === 0x27 || code === 0x2f || code === 0x3c || code === 0x3d || code === 0x3e

/** Attributes up to `>` or `/>`, where `position` then is; null after a fault. */
function readAttributes(reading: Reading): RawAttribute[] | null {
  const { text } = reading
  const attributes: RawAttribute[] = []
  let names: Set<string> | null = null
  for (;;) {
    const hasGap = skipBlank(reading)
    const code = text.charCodeAt(reading.position)
    if (code === 0x3e || (code === 0x2f && text.charCodeAt(reading.position + 1) === 0x3e)) return attributes
    const attribute = hasGap ? readAttribute(reading) : null
    if (attributes.length > 0) names ??= new Set(attributes.map(({ name }) => name))
    if (attribute === null || names?.has(attribute.name) === true) {
      fail(reading, 'a malformed or repeated attribute')
      return null
    }
    names?.add(attribute.name)
    attributes.push(attribute)
  }
}

function readAttribute(reading: Reading): RawAttribute | null {
  const { text } = reading
  const end = nameEnd(text, reading.position)
  const name = text.slice(reading.position, end)
  if (!isXmlName(name)) return null
  reading.position = end
  skipBlank(reading)
  if (text.charCodeAt(reading.position) !== 0x3d) return null
  reading.position += 1
  skipBlank(reading)
  const mark = text.charAt(reading.position)
  const close = mark === '"' || mark === "'" ? text.indexOf(mark, reading.position + 1) : -1
  if (close === -1) return null
  const raw = text.slice(reading.position + 1, close)
  reading.position = close + 1
  if (raw.includes('<') || hasForbiddenControl(raw)) return null
  const value = resolveReferences(
    normalizeLineEnds(raw).replaceAll('\n', ' ').replaceAll('\t', ' '),
    reading.isDeclared,
  )
  return value === null ? null : { name, value }
}

function skipBlank(reading: Reading): boolean {
  const start = reading.position
  const { text } = reading
  let code = text.charCodeAt(reading.position)
  while (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) {
    reading.position += 1
    code = text.charCodeAt(reading.position)
  }
  return reading.position > start
}
