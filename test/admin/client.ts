import { request as httpRequest } from 'node:http'
import { createAdmin } from '../../src/admin/admin.ts'
import { createFixture, type Fixture, type FixtureOptions, password } from './fixture.ts'

export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  // Whatever the body is: the tests say what they expect of it.
  readonly body: Record<string, unknown>
}

type Options = { readonly headers?: Record<string, string>; readonly body?: unknown; readonly raw?: string }

/** Talks to a real listener. `Host` and `Origin` may be set freely, which fetch forbids. */
export type Caller = (method: string, path: string, options?: Options) => Promise<Reply>

export function createCaller(port: number): Caller {
  return (method, path, { headers = {}, body, raw } = {}) =>
    new Promise((resolve, reject) => {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const typed =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
      const call = httpRequest(
        { host: '127.0.0.1', port, method, path, headers: { ...typed, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const received = Buffer.concat(chunks).toString('utf8')
            const isJson = String(response.headers['content-type']).includes('json') && received !== ''
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: received,
              body: isJson ? (JSON.parse(received) as Record<string, unknown>) : {},
            })
          })
        },
      )
      call.on('error', reject)
      call.end(text)
    })
}

export type Running = Fixture & { readonly call: Caller; readonly port: number }

/** Runs the listener for one test. */
export async function withAdmin(options: FixtureOptions, test: (running: Running) => Promise<void>): Promise<void> {
  const fixture = createFixture(options)
  const admin = createAdmin(fixture.deps)
  try {
    const { port } = await admin.listen()
    await test({ ...fixture, port, call: createCaller(port) })
  } finally {
    await admin.close()
    await fixture.dispose()
  }
}

export type SignedIn = { readonly cookie: string; readonly 'x-csrf-token': string }

/** The value of the session cookie that an answer sets, with its name. */
export function cookieOf(reply: Reply): string {
  const [header = ''] = reply.headers['set-cookie'] ?? []
  return header.split(';')[0] ?? ''
}

/** Signs in and returns the headers that every further call needs. */
export async function signIn(call: Caller, headers: Record<string, string> = {}): Promise<SignedIn> {
  const reply = await call('POST', '/api/v1/session', { headers, body: { user: 'admin', password } })
  if (reply.status !== 201) throw new Error(`the sign-in was answered ${reply.status}: ${reply.text}`)
  return { cookie: cookieOf(reply), 'x-csrf-token': String(reply.body['csrfToken']) }
}
