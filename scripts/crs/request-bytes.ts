// The exact bytes of a stage's request, completed the way FTW runners do it.
import type { Header, StageInput } from './ftw-format.ts'

const formType = 'application/x-www-form-urlencoded'

/** What earlier stages of the same test left behind. */
export type Carried = { readonly cookies: ReadonlyMap<string, string>; readonly location: string | null }

export const nothingCarried: Carried = { cookies: new Map(), location: null }

export function requestBytes(input: StageInput, carried: Carried = nothingCarried): Buffer {
  if (input.raw !== null) return input.raw
  const headers = [...input.headers]
  const body = completeBody(input, headers)
  if (input.isCompleted && headerOf(headers, 'connection') === undefined) {
    headers.push({ name: 'Connection', value: 'close' })
  }
  if (carried.cookies.size > 0 && headerOf(headers, 'cookie') === undefined) {
    headers.push({ name: 'Cookie', value: [...carried.cookies].map(([name, value]) => `${name}=${value}`).join('; ') })
  }
  const uri = input.followsRedirect && carried.location !== null ? carried.location : input.uri
  const lines = headers.map(({ name, value }) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${input.method} ${uri} ${input.version}\r\n${lines.join('')}\r\n`), body])
}

/** Adds to `headers` what a client would, and returns the body as it is sent. */
function completeBody(input: StageInput, headers: Header[]): Buffer {
  const data = input.data === null ? '' : fillTemplate(input.data)
  if (!input.isCompleted || data === '') return Buffer.from(data)
  if (headerOf(headers, 'content-type') === undefined) headers.push({ name: 'Content-Type', value: formType })
  const type = headerOf(headers, 'content-type') ?? ''
  let sent = data
  if (type === formType) sent = encodeForm(data)
  else if (type.startsWith('multipart/form-data')) sent = data.replaceAll(/\r?\n/g, '\r\n')
  const body = Buffer.from(sent)
  if (headerOf(headers, 'content-length') === undefined && headerOf(headers, 'transfer-encoding') === undefined) {
    headers.push({ name: 'Content-Length', value: String(body.length) })
  }
  return body
}

function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value
}

/**
 * A form that is not encoded yet is encoded. One that shows any encoding, blanks as `+` among it, is sent as it stands,
 * and so is one that Go's parser refuses (`;`) and text without values.
 */
function encodeForm(data: string): string {
  if (/[%+;]/.test(data) || !/=[^&]/.test(data)) return data
  const encode = (part: string): string =>
    encodeURIComponent(part.toWellFormed())
      .replaceAll('%20', '+')
      .replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return data
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? `${encode(pair)}=` : `${encode(pair.slice(0, at))}=${encode(pair.slice(at + 1))}`
    })
    .join('&')
}

/** go-ftw takes text as a Go template; the one function that long inputs need is `repeat`. */
export function fillTemplate(data: string): string {
  return data
    .replaceAll(/\{\{-?\s*repeat\s+(\d{1,7})\s+"([^"]*)"\s*-?\}\}/g, (_, count: string, part: string) =>
      part.repeat(Number(count)),
    )
    .replaceAll(/\{\{-?\s*"([^"]*)"\s*\|\s*repeat\s+(\d{1,7})\s*-?\}\}/g, (_, part: string, count: string) =>
      part.repeat(Number(count)),
    )
}
