import type { FieldNode } from './catalog.ts'
import { bodyText, wireText } from './decode/utf8.ts'
import type { FieldCollector } from './field-collector.ts'
import { printableText } from './printable.ts'

const maxPartHeaderBytes = 8_192
const endOfHeaders = Buffer.from('\r\n\r\n', 'latin1')

/**
 * Reads `multipart/form-data` (RFC 7578). A part without a file name is a value; of a file the name, the declared type
 * and the printable runs are values. Returns false when the body does not follow its boundary.
 */
export function collectMultipart(
  collector: FieldCollector,
  source: { readonly body: Uint8Array; readonly boundary: string; readonly isCut: boolean },
  root: FieldNode | undefined,
): boolean {
  const body = Buffer.from(source.body.buffer, source.body.byteOffset, source.body.byteLength)
  const delimiter = Buffer.from(`--${source.boundary}`, 'latin1')
  let start = body.indexOf(delimiter)
  if (start === -1) return false
  for (let parts = 0; ; parts += 1) {
    start += delimiter.length
    if (body[start] === 0x2d && body[start + 1] === 0x2d) return true
    if (parts === collector.limits.maxParts) {
      collector.odd('too-many-parts', `more than ${collector.limits.maxParts} parts`)
      return true
    }
    const next = body.indexOf(delimiter, start)
    const end = next === -1 ? body.length : next
    if (!collectPart(collector, body.subarray(start, end), root)) return source.isCut
    if (next === -1) return source.isCut
    start = next
  }
}

function collectPart(collector: FieldCollector, part: Buffer, root: FieldNode | undefined): boolean {
  const headerEnd = part.indexOf(endOfHeaders)
  if (headerEnd === -1 || headerEnd > maxPartHeaderBytes) return false
  const header = wireText(part.toString('latin1', 0, headerEnd)).text
  const name = parameterOf(header, 'name') ?? ''
  const fileName = parameterOf(header, 'filename') ?? parameterOf(header, 'filename*')
  const content = trimLineEnd(part.subarray(headerEnd + endOfHeaders.length))
  if (fileName === null) {
    const text = bodyText(content)
    collector.add('multipart', root, name, text.text, text.flags)
    return true
  }
  collector.add('multipart', root, `${name}.filename`, fileName)
  collector.add('multipart', root, `${name}.type`, /^content-type:\s*([^\r\n]*)/im.exec(header)?.[1] ?? '')
  const printable = printableText(content)
  if (printable.length > 0) collector.add('multipart', root, `${name}.content`, printable)
  return true
}

function trimLineEnd(content: Buffer): Buffer {
  const length = content.length
  return content[length - 1] === 0x0a && content[length - 2] === 0x0d ? content.subarray(0, length - 2) : content
}

/** A parameter of Content-Disposition or Content-Type, quoted or not; `null` when it is absent. */
export function parameterOf(header: string, name: string): string | null {
  const lower = header.toLowerCase()
  let from = 0
  for (;;) {
    const at = lower.indexOf(`${name}=`, from)
    if (at === -1) return null
    const before = lower[at - 1]
    if (before === undefined || before === ';' || before === ' ' || before === '\t') {
      return readParameter(header, at + name.length + 1)
    }
    from = at + 1
  }
}

function readParameter(header: string, start: number): string {
  if (header[start] !== '"') {
    const end = /[;\r\n]/.exec(header.slice(start))?.index ?? header.length - start
    return header.slice(start, start + end).trim()
  }
  let value = ''
  for (let index = start + 1; index < header.length && header[index] !== '"'; index += 1) {
    if (header[index] === '\\' && header[index + 1] === '"') index += 1
    value += header[index]
  }
  return value
}
