/** One client of the API as the network sees it: an address, a browser, a language. Never throws for an answer. */

export type VisitorRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT'
  /** Path and query, encoded. */
  readonly target: string
  readonly token?: string
  /** Sent as JSON, as a form or as multipart, by its type; no body when absent. */
  readonly body?: Readonly<Record<string, unknown>> | URLSearchParams | FormData
}

export type Reply = {
  readonly status: number
  /** Parsed JSON; `undefined` for anything else. */
  readonly body: unknown
  /** Set when the gateway refused: its answer is problem+json with a reference id, the API's own are not. */
  readonly referenceId: string | undefined
}

export type Visitor = {
  readonly address: string
  /** Rejects only when no answer came: the network failed or `signal` aborted. */
  readonly send: (request: VisitorRequest) => Promise<Reply>
}

export type VisitorOptions = {
  readonly baseUrl: string
  /** Goes into X-Forwarded-For, which the gateway of the demo believes on loopback. */
  readonly address: string
  readonly userAgent: string
  readonly language: string
  readonly signal: AbortSignal
}

export function createVisitor(options: VisitorOptions): Visitor {
  const common = {
    'user-agent': options.userAgent,
    'accept-language': options.language,
    'x-forwarded-for': options.address,
    accept: 'application/json',
  }
  return {
    address: options.address,
    send: async ({ method = 'GET', target, token, body }) => {
      const response = await fetch(new URL(target, options.baseUrl), {
        method,
        redirect: 'manual',
        signal: options.signal,
        headers: {
          ...common,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(isPlain(body) ? { 'content-type': 'application/json' } : {}),
        },
        ...(body === undefined ? {} : { body: isPlain(body) ? JSON.stringify(body) : body }),
      })
      return readReply(response)
    },
  }
}

function isPlain(body: VisitorRequest['body']): body is Readonly<Record<string, unknown>> {
  return body !== undefined && !(body instanceof URLSearchParams) && !(body instanceof FormData)
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text()
  const contentType = response.headers.get('content-type') ?? ''
  const body = contentType.includes('json') ? parse(text) : undefined
  const isRefusal = response.status < 500 && contentType.startsWith('application/problem+json')
  const referenceId = isRefusal ? memberOf(body, 'referenceId') : undefined
  return { status: response.status, body, referenceId: typeof referenceId === 'string' ? referenceId : undefined }
}

/** Reads one member of something that may be anything. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
