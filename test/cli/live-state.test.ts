import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type OpenGateway, openGateway } from '../../src/cli/start-gateway.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { createScene } from './scene.ts'

const scene = createScene()
const password = 'correct horse battery staple'
const api = createServer((_request, response) => response.end('{}'))
let gateway: OpenGateway
let admin: readonly string[]

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const config = parseConfig({
    upstream: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    mode: 'enforce',
    dataDir: join(scene.cwd, 'data'),
    listen: { host: '127.0.0.1', port: 0 },
    admin: { port: 0 },
    telemetry: { level: 'silent' },
  })
  gateway = await openGateway(config, { log: () => undefined, env: { THYMUS_ADMIN_PASSWORD: password } })
  admin = ['--admin', gateway.adminUrl ?? '']
  scene.env['THYMUS_ADMIN_PASSWORD'] = password
})
afterAll(async () => {
  await gateway.close()
  api.closeAllConnections()
  await new Promise((resolve) => api.close(resolve))
  scene.remove()
})

describe('a running gateway', () => {
  it('lists cells and clients, and says when there is nothing to change', async () => {
    expect((await scene.run('cells', 'list', ...admin)).out).toContain(
      `There are no memory cells at ${gateway.adminUrl}`,
    )
    expect((await scene.run('clients', 'list', ...admin)).out).toContain('No client is held or exempt')
    expect(await scene.run('cells', 'forget', 'c-1', ...admin)).toMatchObject({ code: 2 })
    expect((await scene.run('clients', 'release', 'x/y', ...admin)).err).toContain('with the id "x/y" is held')
  })

  it('exempts a client for a while', async () => {
    const { out } = await scene.run('clients', 'exempt', 'address:192.0.2.9', '--for', '12h', ...admin)
    expect(out).toMatch(/^The client address:192\.0\.2\.9 is exempt until \d{4}-/)
    const listed = await scene.run('clients', 'list', '--json', ...admin)
    expect(JSON.parse(listed.out)).toMatchObject({
      from: gateway.adminUrl,
      exemptions: [{ clientId: 'address:192.0.2.9' }],
    })
  })

  it('marks a deploy and lists the marks', async () => {
    expect((await scene.run('deploys', 'list', ...admin)).out).toContain('No deploy was marked')
    const made = await scene.run('deploys', 'mark', '--reason', 'version 2', '--route', '/orders/**', ...admin)
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toMatch(/^The deploy is marked, its window ends \d{4}-/)
    const second = await scene.run('deploys', 'mark', '--reason', 'r', '--window', '60000', '--json', ...admin)
    expect(JSON.parse(second.out)).toMatchObject({ scope: { service: '*', route: '/**' }, isRunning: true })
    const { out } = await scene.run('deploys', 'list', ...admin)
    expect(out).toMatch(/running until \d{4}-.+\/orders\/\*\* +version 2/)
    const listed = await scene.run('deploys', 'list', '--json', ...admin)
    expect(JSON.parse(listed.out)).toMatchObject({ deploys: [{ by: 'admin' }, { by: 'admin' }] })
  })

  it('explains a refusal by the reference id that the client got', async () => {
    const refused = await fetch(`${gateway.gatewayUrl}/?q=${encodeURIComponent("1' or '1'='1")}`)
    expect(refused.status).toBe(403)
    const { referenceId } = (await refused.json()) as { referenceId: string }
    const { code, out } = await scene.run('explain', referenceId, ...admin)
    expect(code).toBe(0)
    expect(out).toContain(referenceId)
    expect(out).toContain('deny with status 403 in mode enforce')
    expect(out).toContain('innate:sqli')
    expect((await scene.run('explain', 'nothing-1', ...admin)).err).toContain('[THY_REFERENCE]')
  })

  it('wants the password, and the right one', async () => {
    const other = createScene()
    expect((await other.run('cells', 'list', ...admin)).err).toContain('set THYMUS_ADMIN_PASSWORD. [THY_ADMIN]')
    other.env['THYMUS_ADMIN_PASSWORD'] = 'wrong'
    expect((await other.run('cells', 'list', ...admin)).err).toContain(
      'refused the call: The name or the password is wrong. [THY_ADMIN]',
    )
    other.remove()
  })

  it('that does not answer is an error when it was named', async () => {
    const { code, err } = await scene.run('cells', 'list', '--admin', 'http://127.0.0.1:1')
    expect(code).toBe(2)
    expect(err).toMatch(/^thymus: No answer from the admin listener at http:\/\/127\.0\.0\.1:1: .+ \[THY_ADMIN\]\n$/)
  })

  it('lists self models and says that there are none, and goes back to none', async () => {
    const { out } = await scene.run('models', 'list', ...admin)
    expect(out).toContain(`There are no self models at ${gateway.adminUrl}. Training is off: switched off by`)
    expect(JSON.parse((await scene.run('models', 'list', '--json', ...admin)).out)).toMatchObject({
      models: [],
      training: { isOn: false },
    })
    const { code, err } = await scene.run('models', 'rollback', 'm1', ...admin)
    expect([code, err]).toEqual([2, expect.stringContaining('could go back to has the id "m1". [THY_OPTION]')])
  })

  it('lists detectors and says that none has matched, and retires none that is not there', async () => {
    const { out } = await scene.run('detectors', 'list', ...admin)
    expect(out).toContain(`No detector at ${gateway.adminUrl} has matched yet.`)
    const listed = await scene.run('detectors', 'list', '--json', ...admin)
    expect(JSON.parse(listed.out)).toMatchObject({ detectors: [] })
    const { code, err } = await scene.run('detectors', 'retire', 'r3-1-1', ...admin)
    expect([code, err]).toEqual([2, expect.stringContaining('has the id "r3-1-1". [THY_OPTION]')])
  })

  it('is needed to mark a deploy', async () => {
    scene.write('alone.yaml', 'admin:\n  enabled: false\n')
    const { code, err } = await scene.run('deploys', 'list', '--config', 'alone.yaml')
    expect(code).toBe(2)
    expect(err).toContain(
      'No gateway answers at http://127.0.0.1:9090: name its listener with --admin URL. [THY_ADMIN]',
    )
  })

  it('keeps its data folder to itself', async () => {
    scene.write('offline.yaml', `dataDir: ${join(scene.cwd, 'data')}\nadmin:\n  enabled: false\n`)
    const { code, err } = await scene.run('cells', 'list', '--config', 'offline.yaml')
    expect(code).toBe(2)
    expect(err).toContain('[THY_DATA_DIR]')
  })
})
