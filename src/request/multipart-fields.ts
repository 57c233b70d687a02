import type { FieldNode } from './catalog.ts'
import { bodyText, wireText } from './decode/utf8.ts'
import { wideText } from './decode/wide-text.ts'
import type { FieldCollector } from './field-collector.ts'
import { printableText } from './printable.ts'

const maxPartHeaderBytes = 8_192
const endOfHeaders = Buffer.from('\r\n\r\n', 'latin1')

/**
 * Reads `multipart/form-data` (RFC 7578). A part without a file name is a value; of a file the name, the declared type
 * and the printable runs are values. What stands before the first and behind the last delimiter is looked at too, since
 * not every server stops there. Returns false when the body does not follow its boundary.
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
  collectAround(collector, body.subarray(0, start))
  let isPlain = true
  for (let parts = 0; ; parts += 1) {
    start += delimiter.length
    if (body[start] === 0x2d && body[start + 1] === 0x2d) {
      collectAround(collector, body.subarray(start + 2))
      return isPlain
    }
    if (parts === collector.limits.maxParts) {
      collector.odd('too-many-parts', `more than ${collector.limits.maxParts} parts`)
      return true
    }
    const next = body.indexOf(delimiter, start)
    const end = next === -1 ? body.length : next
    if (!collectPart(collector, body.subarray(start, end), root)) return source.isCut && isPlain
    if (next === -1) return source.isCut && isPlain
    // A delimiter within a line is one to some servers and text to others: the body is then looked at as a whole too.
    if (!isLineEnd(body, start) || !isLineEnd(body, next - 2)) isPlain = false
    start = next
  }
}

/** Preamble and epilogue (RFC 2046, 5.1.1) are mostly a line end. */
function collectAround(collector: FieldCollector, bytes: Buffer): void {
  if (bytes.length <= 2) return
  const text = printableText(bytes)
  if (text.trim() !== '') collector.push('body', 'printable', text, -1, collector.sharedSlot('body', 'printable'))
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
    const wide = wideText(content)
    if (wide !== null) collector.push('body', 'wide', wide, -1, collector.sharedSlot('body', 'wide'))
    return true
  }
  collector.add('multipart', root, `${name}.filename`, fileName)
  collector.add('multipart', root, `${name}.type`, /^content-type:\s*([^\r\n]*)/im.exec(header)?.[1] ?? '')
  const printable = printableText(content)
  if (printable.length > 0) collector.add('multipart', root, `${name}.content`, printable)
  return true
}

const isLineEnd = (bytes: Buffer, at: number): boolean => bytes[at] === 0x0d && bytes[at + 1] === 0x0a

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
