import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkNode } from '../../src/cli/doctor-checks.ts'
import { probeRedis } from '../../src/cli/redis-probe.ts'
import { createScene } from './scene.ts'

const scene = createScene()
afterAll(scene.remove)

type Line = { readonly name: string; readonly state: string; readonly sentence: string }

async function examine(...args: readonly string[]): Promise<{ code: number; lines: Map<string, Line> }> {
  const { code, out } = await scene.run('doctor', '--json', '--port', '0', '--admin-port', '0', ...args)
  const { checks } = JSON.parse(out) as { checks: readonly Line[] }
  return { code, lines: new Map(checks.map((check) => [check.name, check])) }
}

async function listening(server: Server | ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

describe('thymus doctor', () => {
  it('finds nothing wrong with the defaults, and says so for each thing it looks at', async () => {
    const { code, lines } = await examine()
    expect(code).toBe(0)
    expect([...lines.keys()]).toEqual([
      'node',
      'configuration',
      'rules',
      'data folder',
      'gateway port',
      'admin port',
      'redis',
      'upstream',
    ])
    for (const { state, sentence } of lines.values()) {
      expect(state).toBe('ok')
      expect(sentence).toMatch(/\.$/)
    }
    expect((await scene.run('doctor', '--port', '0', '--admin-port', '0')).out).toMatch(/^ok +node +Node v\d+/m)
  })

  it('names an old Node', () => {
    expect(checkNode('v20.1.0')).toMatchObject({
      state: 'fail',
      sentence: 'Node v20.1.0 is too old; install Node 24 or later.',
    })
    expect(checkNode('v24.0.0').state).toBe('ok')
  })

  it('reports a bad configuration as a finding', async () => {
    scene.write('bad.yaml', 'mode: x\n')
    const { code, lines } = await examine('--config', 'bad.yaml')
    expect(code).toBe(2)
    expect(lines.get('configuration')).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('line 1: mode is "x"'),
    })
  })

  it('finds ports that are taken and upstreams that are dead', async () => {
    const taken = createServer()
    const port = await listening(taken)
    const busy = await scene.run(
      'doctor',
      '--json',
      '--port',
      String(port),
      '--admin-port',
      '0',
      '--upstream',
      'http://127.0.0.1:1',
    )
    const states = new Map((JSON.parse(busy.out).checks as Line[]).map((check) => [check.name, check.state]))
    expect([busy.code, states.get('gateway port'), states.get('upstream')]).toEqual([2, 'fail', 'fail'])
    taken.close()
    const api = createHttpServer((_request, response) => response.writeHead(404).end())
    const { lines } = await examine('--upstream', `http://127.0.0.1:${await listening(api)}`)
    expect(lines.get('upstream')).toMatchObject({ state: 'ok', sentence: expect.stringContaining('status 404') })
    api.close()
  })

  it('tries the data folder', async () => {
    const folder = join(scene.cwd, 'data')
    mkdirSync(folder)
    expect((await examine('--data-dir', folder)).lines.get('data folder')?.sentence).toContain('can be written')
    const file = scene.write('file', '')
    expect((await examine('--data-dir', file)).lines.get('data folder')).toMatchObject({ state: 'fail' })
    expect((await examine('--data-dir', join(scene.cwd, 'no', 'where'))).lines.get('data folder')).toMatchObject({
      state: 'fail',
    })
    chmodSync(folder, 0o700)
  })

  it('warns of settings that are valid and dangerous', async () => {
    scene.write(
      'open.yaml',
      'admin:\n  host: 0.0.0.0\ntrustedProxies: [0.0.0.0/0]\nquarantine:\n  neverHold: ["::/0"]\n',
    )
    const { code, lines } = await examine('--config', 'open.yaml')
    expect(code).toBe(0)
    expect(['admin', 'trusted proxies', 'never hold'].map((name) => lines.get(name)?.state)).toEqual([
      'warn',
      'warn',
      'warn',
    ])
  })

  it('names a configured tolerance that has ended', async () => {
    const entry = (until: string) => `  - { finding: 'tag:sql', route: /old, until: ${until}, reason: test }\n`
    scene.write('ended.yaml', `tolerances:\n${entry('2020-01-31')}`)
    scene.write('running.yaml', `tolerances:\n${entry('2999-01-31')}`)
    const { lines } = await examine('--config', 'ended.yaml')
    expect(lines.get('tolerances')).toMatchObject({ state: 'warn', sentence: expect.stringContaining('2020-01-31') })
    expect((await examine('--config', 'running.yaml')).lines.has('tolerances')).toBe(false)
  })
})

describe('the Redis check', () => {
  const password = 'pass word@1'
  let redis: ChildProcess
  let port = 0

  beforeAll(async () => {
    const free = createServer()
    port = await listening(free)
    await new Promise((resolve) => free.close(resolve))
    redis = spawn('redis-server', [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--requirepass',
      password,
      '--maxmemory-policy',
      'allkeys-lru',
      '--dir',
      scene.cwd,
    ])
    await new Promise<void>((resolve, reject) => {
      redis.once('error', reject)
      redis.stdout?.on('data', (chunk: Buffer) => chunk.includes('Ready to accept') && resolve())
    })
  })
  afterAll(
    () =>
      new Promise((resolve) => {
        redis.once('exit', resolve)
        redis.kill()
      }),
  )

  const url = (secret: string) => `redis://${secret === '' ? '' : `:${encodeURIComponent(secret)}@`}127.0.0.1:${port}`

  it('reads the eviction policy of a real server', async () => {
    expect(await probeRedis(url(password))).toEqual({ evictionPolicy: 'allkeys-lru' })
    expect(await probeRedis(`redis://default:${encodeURIComponent(password)}@127.0.0.1:${port}/0`)).toEqual({
      evictionPolicy: 'allkeys-lru',
    })
  })

  it('says what the server says when it refuses', async () => {
    await expect(probeRedis(url('wrong'))).rejects.toThrow('WRONGPASS')
    await expect(probeRedis(url(''))).rejects.toThrow('NOAUTH')
  })

  it('warns of a policy that drops records and of unsigned records', async () => {
    scene.write('redis.yaml', `redis:\n  url: ${url(password)}\n`)
    const { code, lines } = await examine('--config', 'redis.yaml')
    expect(code).toBe(0)
    expect(lines.get('redis')?.state).toBe('ok')
    expect(lines.get('redis eviction')?.sentence).toContain('The policy is allkeys-lru, which may drop records')
    expect(lines.get('redis secret')?.state).toBe('warn')
  })

  it('fails when nobody, or somebody else, answers', async () => {
    const http = createHttpServer()
    const other = await listening(http)
    const probed = probeRedis(`redis://127.0.0.1:${other}`).finally(() => http.close())
    await expect(probed).rejects.toThrow('it does not speak the protocol of Redis')
    scene.write('away.yaml', 'redis:\n  url: redis://127.0.0.1:1\n')
    const { code, lines } = await examine('--config', 'away.yaml')
    expect([code, lines.get('redis')?.state]).toEqual([2, 'fail'])
  })
})
