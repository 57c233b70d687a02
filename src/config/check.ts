import { isIP } from 'node:net'
import { formatPath, formatValue, type Problem, type SettingPath } from './problem.ts'
import type { Config } from './schema.ts'

/** What a schema cannot say: settings that contradict each other, and texts with a form of their own. */
export function checkConfig(config: Config): readonly Problem[] {
  return [
    ...blocks(['trustedProxies'], config.trustedProxies),
    ...blocks(['adaptive', 'trustedSources'], config.adaptive.trustedSources),
    ...blocks(['quarantine', 'neverHold'], config.quarantine.neverHold),
    ...headerNames(config),
    ...hosts(config),
    ...ports(config),
    ...sizes(config),
    ...redisUrl(config),
  ]
}

/** Header names compare without case; the rest of the code may count on lower case. */
export function normaliseConfig(config: Config): Config {
  const { principalHeader, apiKeyHeaders } = config.identity
  return {
    ...config,
    identity: {
      ...config.identity,
      principalHeader: principalHeader === null ? null : principalHeader.toLowerCase(),
      apiKeyHeaders: apiKeyHeaders.map((name) => name.toLowerCase()),
    },
  }
}

/** An address or a CIDR block: `10.0.0.0/8`, `::1`. */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0 || address.includes('%')) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
}

function blocks(path: SettingPath, entries: readonly string[]): readonly Problem[] {
  return entries.flatMap((entry, index) =>
    isAddressBlock(entry) ? [] : [wrong([...path, index], entry, 'an address or CIDR block, like 10.0.0.0/8')],
  )
}

function headerNames(config: Config): readonly Problem[] {
  const { principalHeader, apiKeyHeaders, sessionCookies } = config.identity
  const named: (readonly [SettingPath, string])[] = [
    ...apiKeyHeaders.map((name, index) => [['identity', 'apiKeyHeaders', index], name] as const),
    ...sessionCookies.map((name, index) => [['identity', 'sessionCookies', index], name] as const),
  ]
  if (principalHeader !== null) named.push([['identity', 'principalHeader'], principalHeader])
  return named.flatMap(([path, name]) =>
    /^[!#$%&'*+\-.^_`|~\w]+$/.test(name) ? [] : [wrong(path, name, 'a name of letters, digits, - and _')],
  )
}

function hosts(config: Config): readonly Problem[] {
  const named = [
    [['listen', 'host'], config.listen.host],
    [['admin', 'host'], config.admin.host],
  ] as const
  return named.flatMap(([path, host]) =>
    isIP(host) !== 0 || /^[a-z\d](?:[a-z\d.-]{0,252}[a-z\d])?$/i.test(host)
      ? []
      : [wrong(path, host, 'an address or host name without a port, like 127.0.0.1')],
  )
}

const anyHost: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function ports(config: Config): readonly Problem[] {
  const { listen, admin, upstream } = config
  const problems: Problem[] = []
  const isSameHost = listen.host === admin.host || anyHost.has(listen.host) || anyHost.has(admin.host)
  if (admin.enabled && admin.port === listen.port && admin.port !== 0 && isSameHost) {
    problems.push(wrong(['admin', 'port'], admin.port, `a port other than listen.port (${listen.port})`))
  }
  if (upstream !== null && pointsAt(new URL(upstream), listen)) {
    problems.push(wrong(['upstream'], upstream, 'the API behind the gateway and not the gateway itself'))
  }
  return problems
}

function pointsAt(url: URL, listen: Config['listen']): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (listen.port === 0 || port !== listen.port) return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.') || anyHost.has(host)
  return host === listen.host || (isLocal && (anyHost.has(listen.host) || listen.host === 'localhost'))
}

function sizes(config: Config): readonly Problem[] {
  const { request, timeouts, quarantine } = config
  return [
    ...atLeast(
      ['request', 'maxBodyBytes'],
      request.maxBodyBytes,
      ['request', 'maxInspectedBytes'],
      request.maxInspectedBytes,
    ),
    ...atLeast(['timeouts', 'requestMs'], timeouts.requestMs, ['timeouts', 'headersMs'], timeouts.headersMs),
    ...atLeast(['quarantine', 'maxTtlMs'], quarantine.maxTtlMs, ['quarantine', 'ttlMs'], quarantine.ttlMs),
  ]
}

function atLeast(path: SettingPath, value: number, otherPath: SettingPath, other: number): readonly Problem[] {
  return value >= other ? [] : [wrong(path, value, `at least ${formatPath(otherPath)} (${other})`)]
}

function redisUrl(config: Config): readonly Problem[] {
  const { url } = config.redis
  if (url === null || URL.canParse(url)) return []
  return [wrong(['redis', 'url'], url, 'a URL like redis://127.0.0.1:6379')]
}

function wrong(path: SettingPath, value: unknown, expected: string): Problem {
  return { path, sentence: `${formatPath(path)} is ${formatValue(path, value)}, expected ${expected}` }
}
