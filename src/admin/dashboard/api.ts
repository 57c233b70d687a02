import type { Session } from './forms.ts'

const base = 'api/v1'

/** A refused call, with the sentence that the server gave. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The calls of one signed-in page. */
export type Api = {
  readonly get: <T>(path: string, signal?: AbortSignal) => Promise<T>
  readonly post: <T>(path: string, body: unknown) => Promise<T>
  readonly remove: <T>(path: string) => Promise<T>
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(`${base}${path}`, { ...init, credentials: 'same-origin' })
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw new ApiError(0, 'The gateway does not answer.')
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body as T
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : undefined
  throw new ApiError(response.status, detail ?? `The gateway answered ${response.status}.`)
}

const json = { 'content-type': 'application/json' }

export function signIn(user: string, password: string): Promise<Session> {
  return call('/session', { method: 'POST', headers: json, body: JSON.stringify({ user, password }) })
}

/** The session of the cookie, or null. */
export async function resumeSession(): Promise<Session | null> {
  const { session } = await call<{ session: Session | null }>('/session', {})
  return session
}

/** Calls `onSignedOut` when the session is over. */
export function createApi(csrfToken: string, onSignedOut: () => void): Api {
  async function guarded<T>(path: string, init: RequestInit): Promise<T> {
    try {
      return await call<T>(path, init)
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 401) onSignedOut()
      throw thrown
    }
  }
  const headers = { ...json, 'x-csrf-token': csrfToken }
  return {
    get: (path, signal) => guarded(path, signal === undefined ? {} : { signal }),
    post: (path, body) => guarded(path, { method: 'POST', headers, body: JSON.stringify(body) }),
    remove: (path) => guarded(path, { method: 'DELETE', headers }),
  }
}
