import type { IncomingMessage } from 'node:http'

/** What body parsers leave on a request. */
type ParsedRequest = IncomingMessage & {
  readonly body?: unknown
  readonly rawBody?: unknown
  readonly file?: unknown
  readonly files?: unknown
}

/** Bytes to inspect in place of a body that is gone, with the content type that they have. */
export type RebuiltBody = {
  readonly bytes: Buffer | null
  /** Set where the parser's result cannot be written in the type that the request declared. */
  readonly contentType?: string
}

/** Nesting that is written out; qs and JSON parsers stop earlier. */
const maxDepth = 200

/**
 * Writes down what a parser made of a body: `rawBody` if somebody kept it, otherwise the parsed values in the type
 * that the request declared. Duplicate JSON keys and white space are lost in parsing and cannot come back.
 */
export function rebuildBody(req: ParsedRequest): RebuiltBody {
  const kept = bytesOf(req.rawBody) ?? bytesOf(req.body)
  if (kept !== null) return { bytes: kept.length === 0 ? null : kept }
  const type = req.headers['content-type'] ?? ''
  if (/^\s*multipart\//i.test(type)) {
    const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type)
    return { bytes: multipartBytes(req, boundary?.[1] ?? boundary?.[2] ?? 'boundary') }
  }
  const { body } = req
  if (body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)) {
    return { bytes: body !== undefined && isJson(type) ? Buffer.from(JSON.stringify(body)) : null }
  }
  if (/^\s*application\/x-www-form-urlencoded/i.test(type)) return { bytes: formBytes(body) }
  const bytes = Buffer.from(JSON.stringify(body) ?? 'null')
  return isJson(type) ? { bytes } : { bytes, contentType: 'application/json' }
}

function isJson(type: string): boolean {
  return /json/i.test(type)
}

function bytesOf(value: unknown): Buffer | null {
  if (Buffer.isBuffer(value)) return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return typeof value === 'string' ? Buffer.from(value) : null
}

function formBytes(body: unknown): Buffer {
  const pairs: string[] = []
  visit(body, '', 0, (name, value) => pairs.push(`${encode(name)}=${encode(value)}`))
  return Buffer.from(pairs.join('&'))
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

type Leaf = (name: string, value: string) => void

/** Calls `leaf` for each value, named `a[b][0]` as qs reads it; a list at the top is the same name again. */
function visit(value: unknown, name: string, depth: number, leaf: Leaf): void {
  if (typeof value !== 'object' || value === null) {
    leaf(name, value === null || value === undefined ? '' : String(value))
    return
  }
  if (depth >= maxDepth) return
  const isFlatList = Array.isArray(value) && value.every((item) => typeof item !== 'object')
  for (const [key, item] of Object.entries(value)) {
    const inner = name === '' ? key : isFlatList ? name : `${name}[${key}]`
    visit(item, inner, depth + 1, leaf)
  }
}

function multipartBytes(req: ParsedRequest, boundary: string): Buffer {
  const parts: Buffer[] = []
  visit(req.body ?? {}, '', 0, (name, value) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"\r\n\r\n`
    parts.push(Buffer.from(`${head}${value}\r\n`))
  })
  for (const file of filesOf(req)) parts.push(filePart(file, boundary))
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return Buffer.concat(parts)
}

type UploadedFile = {
  readonly fieldname?: unknown
  readonly originalname?: unknown
  readonly mimetype?: unknown
  readonly buffer?: unknown
}

/** As multer leaves them: `file`, a list, or lists by field. */
function filesOf(req: ParsedRequest): UploadedFile[] {
  const found = [req.file, req.files].flatMap((value) => {
    if (typeof value !== 'object' || value === null) return []
    return 'fieldname' in value ? [value] : Object.values(value).flat()
  })
  return found.filter((file): file is UploadedFile => typeof file === 'object' && file !== null)
}

function filePart(file: UploadedFile, boundary: string): Buffer {
  const name = quote(String(file.fieldname ?? ''))
  const filename = quote(String(file.originalname ?? ''))
  const type = String(file.mimetype ?? 'application/octet-stream').replaceAll(/[\r\n]/g, ' ')
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytesOf(file.buffer) ?? Buffer.alloc(0), Buffer.from('\r\n')])
}

function quote(text: string): string {
  return text.replaceAll(/["\r\n]/g, (character) => encodeURIComponent(character))
}
