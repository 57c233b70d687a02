import { messageOf, ThymusError } from '../core/errors.ts'
import type { CommandContext } from './context.ts'

/** A signed-in line to the admin API of a running gateway. */
export type AdminClient = {
  readonly url: string
  /** `path` is below `/api/v1`. Throws THY_ADMIN; `undefined` when the thing asked for does not exist. */
  readonly call: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<JsonObject | undefined>
  readonly signOut: () => Promise<void>
}

export type JsonObject = Readonly<Record<string, unknown>>

const apiBase = '/api/v1'
const timeoutMs = 10_000
const maxReplyBytes = 64 * 1_048_576

/** Whether a Thymus answers at the address: 9090 is also where Prometheus likes to live. */
export async function isThymusAt(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2_000), redirect: 'error' })
    return response.ok && (await readJson(response))['live'] === true
  } catch {
    return false
  }
}

/** Signs in with THYMUS_ADMIN_PASSWORD, or asks for the password. Throws THY_ADMIN. */
export async function connectAdmin(url: string, context: CommandContext): Promise<AdminClient> {
  const password = context.env['THYMUS_ADMIN_PASSWORD'] ?? (await context.askSecret?.(`Admin password for ${url}: `))
  if (password === undefined || password === '') {
    throw adminError(`A password is needed for ${url}: set THYMUS_ADMIN_PASSWORD`)
  }
  const response = await send(url, { method: 'POST', path: '/session', body: { user: 'admin', password }, headers: {} })
  const session = await checked(response, url)
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const headers = { cookie, 'x-csrf-token': String(session?.['csrfToken'] ?? '') }
  return {
    url,
    call: async (method, path, body) => checked(await send(url, { method, path, body, headers }), url),
    signOut: async () => {
      await send(url, { method: 'DELETE', path: '/session', headers }).catch(() => undefined)
    },
  }
}

type Message = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers: Readonly<Record<string, string>>
}

async function send(url: string, message: Message): Promise<Response> {
  const { method, path, body } = message
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    return await fetch(new URL(apiBase + path, url), {
      method,
      headers: { ...message.headers, ...content },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (error) {
    throw adminError(`No answer from the admin listener at ${url}: ${causeOf(error)}`, error)
  }
}

async function checked(response: Response, url: string): Promise<JsonObject | undefined> {
  const content = await readJson(response)
  if (response.ok) return content
  if (response.status === 404) return undefined
  const detail = typeof content['detail'] === 'string' ? content['detail'] : `it answered ${response.status}`
  throw adminError(`The admin listener at ${url} refused the call: ${detail.replace(/\.$/, '')}`)
}

async function readJson(response: Response): Promise<JsonObject> {
  const text = await response.text().catch(() => '')
  if (text.length > maxReplyBytes) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  } catch {
    return {}
  }
}

/** fetch hides the useful half of a network error in its cause. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}

function adminError(message: string, cause?: unknown): ThymusError {
  return new ThymusError('THY_ADMIN', `${message}.`, { cause })
}
