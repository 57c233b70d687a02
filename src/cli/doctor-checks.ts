import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, isIP } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { messageOf } from '../core/errors.ts'
import { isThymusAt } from './admin-client.ts'
import type { CommandContext } from './context.ts'
import { adminUrlOf } from './live-state.ts'
import { probeRedis } from './redis-probe.ts'

/** One line of the doctor: what was looked at, how it is, and what to do when it is not well. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly sentence: string
}

const oldestNode = 24
const dayMs = 86_400_000

export function checkNode(nodeVersion: string): Check {
  const major = Number(/^v?(\d+)/.exec(nodeVersion)?.[1] ?? 0)
  if (major >= oldestNode) return ok('node', `Node ${nodeVersion} is supported.`)
  return fail('node', `Node ${nodeVersion} is too old; install Node ${oldestNode} or later.`)
}

export async function checkRules(config: Config, context: CommandContext): Promise<Check> {
  try {
    const book = await context.parts.rules(config)
    if (!config.innate.enabled) return warn('rules', 'The rules are switched off; set innate.enabled to true.')
    const compiled = `${book.list().length} rules compile.`
    return book.notices.length === 0 ? ok('rules', compiled) : warn('rules', [compiled, ...book.notices].join(' '))
  } catch (error) {
    return fail('rules', `${trimmed(error)}; mend the rule file.`)
  }
}

/** Writes and deletes an empty folder in it; a folder that is not there yet must be possible to make. */
export async function checkDataFolder(config: Config, context: CommandContext): Promise<Check> {
  const folder = resolve(context.cwd, config.dataDir)
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) {
    const parent = dirname(folder)
    const isWritable = await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    )
    if (isWritable) return ok('data folder', `${folder} will be made at the first start.`)
    return fail('data folder', `${folder} does not exist and ${parent} may not be written; choose another dataDir.`)
  }
  if (!found.isDirectory()) return fail('data folder', `${folder} is not a folder; choose another dataDir.`)
  try {
    await rm(await mkdtemp(join(folder, '.doctor-')), { recursive: true })
    return ok('data folder', `${folder} can be written.`)
  } catch (error) {
    return fail('data folder', `${folder} cannot be written (${trimmed(error)}); give the user the right to it.`)
  }
}

export async function checkPorts(config: Config): Promise<readonly Check[]> {
  const isRunning = config.admin.enabled && (await isThymusAt(adminUrlOf(config)))
  const checks = [await checkPort('gateway port', config.listen, isRunning)]
  if (config.admin.enabled) checks.push(await checkPort('admin port', config.admin, isRunning))
  return checks
}

async function checkPort(name: string, at: { host: string; port: number }, isRunning: boolean): Promise<Check> {
  const error = await tryListen(at)
  if (error === undefined) return ok(name, at.port === 0 ? 'Any free port will do.' : `${at.host}:${at.port} is free.`)
  if (error.code !== 'EADDRINUSE')
    return fail(name, `${at.host}:${at.port} cannot be opened (${error.message}); choose another.`)
  return isRunning
    ? ok(name, `${at.host}:${at.port} is in use, and a Thymus is running.`)
    : fail(name, `${at.host}:${at.port} is in use by something else; end that or choose another port.`)
}

function tryListen({ host, port }: { host: string; port: number }): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error))
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(undefined)))
  })
}

export async function checkUpstream(config: Config): Promise<Check> {
  const { upstream } = config
  if (upstream === null) return ok('upstream', 'None is set, so start runs the bundled demo.')
  try {
    const response = await fetch(upstream, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) })
    return ok('upstream', `${upstream} answers (status ${response.status}).`)
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return fail('upstream', `${upstream} does not answer (${trimmed(cause)}); start the API or mend upstream.`)
  }
}

export async function checkRedis(config: Config): Promise<readonly Check[]> {
  const { url, secret } = config.redis
  if (url === null) return [ok('redis', 'None is set: holds and memory cells stay on this machine.')]
  const checks: Check[] = []
  try {
    const { evictionPolicy } = await probeRedis(url)
    checks.push(ok('redis', 'It answers.'), checkEviction(evictionPolicy))
  } catch (error) {
    checks.push(
      fail('redis', `It cannot be used (${trimmed(error)}); the gateway runs on without it, but shares nothing.`),
    )
  }
  if (secret === null) {
    checks.push(
      warn('redis secret', 'Records are not signed; set redis.secret so that only your gateways are believed.'),
    )
  }
  return checks
}

/** With any other policy Redis throws records away when its memory is full. */
function checkEviction(policy: string | null): Check {
  if (policy === 'noeviction') return ok('redis eviction', 'The policy is noeviction.')
  if (policy === null) {
    return warn('redis eviction', 'The policy may not be read; make sure that maxmemory-policy is noeviction.')
  }
  return warn('redis eviction', `The policy is ${policy}, which may drop records; set maxmemory-policy to noeviction.`)
}

/** Settings that are valid and still deserve a second look. */
export function checkSettings(config: Config, nowMs: number): readonly Check[] {
  const checks: Check[] = []
  const { host } = config.admin
  const isLoopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (config.admin.enabled && !isLoopback) {
    checks.push(
      warn('admin', `The admin listener is open on ${host}; put TLS in front or set admin.host to 127.0.0.1.`),
    )
  }
  if (config.trustedProxies.some((block) => block.endsWith('/0'))) {
    checks.push(warn('trusted proxies', 'Everybody may name any address as a client; list only your proxies.'))
  }
  if (config.quarantine.neverHold.some((block) => block.endsWith('/0'))) {
    checks.push(warn('never hold', 'Nobody is ever held; list only load balancers and monitors.'))
  }
  for (const { finding, route, until } of config.tolerances) {
    if (Date.parse(until) + dayMs > nowMs) continue
    checks.push(
      warn('tolerances', `That of ${finding} on ${route} ended with ${until}; remove it or name a later day.`),
    )
  }
  return checks
}

function trimmed(error: unknown): string {
  return messageOf(error).replace(/[.\s]+$/, '')
}

function ok(name: string, sentence: string): Check {
  return { name, state: 'ok', sentence }
}

function warn(name: string, sentence: string): Check {
  return { name, state: 'warn', sentence }
}

function fail(name: string, sentence: string): Check {
  return { name, state: 'fail', sentence }
}
