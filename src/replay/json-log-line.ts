import { type LoggedLine, type LoggedRequest, parseLogTime } from './access-log-line.ts'
import { isToken, parseRequestLine } from './raw-request.ts'
import { wireText } from './traffic-record.ts'

type Members = Readonly<Record<string, unknown>>

/** The names under which nginx, Caddy, Traefik, Apache and ECS logs write the same thing; the first that is there counts. */
const names = {
  method: ['request_method', 'method', 'RequestMethod', 'http_method', 'verb', 'http.request.method'],
  target: ['request_uri', 'uri', 'RequestPath', 'url', 'path', 'target', 'url.original'],
  query: ['args', 'query_string', 'url.query'],
  host: ['host', 'http_host', 'RequestHost', 'server_name', 'vhost', 'url.domain'],
  client: ['client_ip', 'remote_addr', 'remote_ip', 'clientip', 'ClientHost', 'ip', 'client.ip', 'source.ip'],
  time: ['ts', 'time', 'time_iso8601', 'timestamp', '@timestamp', 'msec', 'StartUTC', 'time_local'],
  status: ['status', 'DownstreamStatus', 'response_code', 'status_code', 'http.response.status_code'],
  agent: ['http_user_agent', 'user_agent', 'agent', 'request_User-Agent', 'user_agent.original'],
  referer: ['http_referer', 'referer', 'referrer', 'request_Referer', 'http.request.referrer'],
} as const

/** One line of an access log whose lines are JSON objects. */
export function parseJsonLogLine(line: Members): LoggedLine {
  const inner = isMembers(line['request']) ? line['request'] : line // Caddy keeps the request in an object of its own
  const startLine = startLineOf(line, inner)
  if (startLine === undefined) return { kind: 'no-request', reason: 'the line has no HTTP method and target' }
  const request = { kind: 'parts', ...startLine, rawHeaders: headersOf(line, inner), body: null } as const
  const logged: LoggedRequest = {
    client: textOf(inner, names.client) ?? textOf(line, names.client),
    tsMs: timeOf(line),
    status: statusOf(line),
    request,
  }
  return { kind: 'request', logged }
}

function startLineOf(line: Members, inner: Members): { method: string; target: string } | undefined {
  if (typeof line['request'] === 'string') {
    const parsed = parseRequestLine(wireText(line['request']))
    if (parsed !== undefined) return parsed
  }
  const method = textOf(inner, names.method)
  const target = textOf(inner, names.target)
  if (method === null || target === null || !isToken(method)) return undefined
  const query = target.includes('?') ? null : textOf(inner, names.query)
  return { method, target: wireText(query === null || query === '-' ? target : `${target}?${query}`) }
}

function headersOf(line: Members, inner: Members): readonly string[] {
  const rawHeaders: string[] = []
  const host = textOf(inner, names.host)
  if (host !== null) rawHeaders.push('Host', wireText(host))
  const recorded = inner['headers']
  if (isMembers(recorded)) {
    for (const [name, values] of Object.entries(recorded)) {
      for (const value of Array.isArray(values) ? (values as readonly unknown[]) : [values]) {
        if (typeof value === 'string' && isToken(name)) rawHeaders.push(name, wireText(value))
      }
    }
    return rawHeaders
  }
  const agent = textOf(line, names.agent)
  if (agent !== null) rawHeaders.push('User-Agent', wireText(agent))
  const referer = textOf(line, names.referer)
  if (referer !== null) rawHeaders.push('Referer', wireText(referer))
  return rawHeaders
}

/** Epoch seconds (with or without a fraction), epoch milliseconds, ISO 8601 or the time form of the Common Log Format. */
function timeOf(line: Members): number | null {
  const value = firstOf(line, names.time)
  const figure = typeof value === 'string' && /^\d{9,13}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value
  if (typeof figure === 'number') return Math.round(figure > 1e11 ? figure : figure * 1_000)
  if (typeof value !== 'string') return null
  const at = Date.parse(value)
  return Number.isNaN(at) ? parseLogTime(value) : at
}

function statusOf(line: Members): number | null {
  const status = Number(firstOf(line, names.status) ?? Number.NaN)
  return Number.isInteger(status) && status >= 100 && status <= 999 ? status : null
}

function textOf(members: Members, keys: readonly string[]): string | null {
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && value !== '-'
  return (firstOf(members, keys, isText) ?? null) as string | null
}

/** The first of the members that is there and is what is looked for. */
function firstOf(
  members: Members,
  keys: readonly string[],
  isWanted: (value: unknown) => boolean = (value) => value !== undefined && value !== null,
): unknown {
  for (const key of keys) {
    const value = Object.hasOwn(members, key) ? members[key] : nested(members, key)
    if (isWanted(value)) return value
  }
  return undefined
}

/** `http.request.method` as a path of objects, which is how ECS documents may be written. */
function nested(members: Members, key: string): unknown {
  if (!key.includes('.')) return undefined
  let value: unknown = members
  for (const part of key.split('.')) {
    if (!isMembers(value) || !Object.hasOwn(value, part)) return undefined
    value = value[part]
  }
  return value
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
