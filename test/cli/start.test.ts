import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { RunningDemo, RunningGateway } from '../../src/cli/parts.ts'
import type { LoadedConfig } from '../../src/config/load-config.ts'
import type { Config } from '../../src/config/schema.ts'
import { createScene } from './scene.ts'

type Gateway = { started: LoadedConfig | undefined; reloaded: Config[]; closed: number }

function gatewayScene(password: string | null = null) {
  const seen: Gateway = { started: undefined, reloaded: [], closed: 0 }
  const gateway: RunningGateway = {
    gatewayUrl: 'http://127.0.0.1:8080',
    adminUrl: 'http://127.0.0.1:9090',
    firstRunPassword: password,
    notices: [],
    reload: async (config) => void seen.reloaded.push(config),
    close: async () => {
      seen.closed += 1
    },
  }
  const scene = createScene({
    startGateway: async (loaded) => {
      seen.started = loaded
      return gateway
    },
  })
  return { scene, seen }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn += 1) await setImmediate()
  expect(holds()).toBe(true)
}

describe('thymus start', () => {
  it('starts with the settings of the call, announces itself, drains on a signal and exits 0', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { scene, seen } = gatewayScene('first-password')
      const running = scene.run(
        'start',
        '--upstream',
        'http://127.0.0.1:3000/',
        '--port',
        '0',
        '--mode',
        'enforce',
        '--data-dir',
        'd',
      )
      await until(() => scene.printed().includes('first-password'))
      expect(seen.started?.config).toMatchObject({
        upstream: 'http://127.0.0.1:3000',
        mode: 'enforce',
        dataDir: 'd',
        listen: { port: 0 },
      })
      expect(seen.closed).toBe(0)
      scene.signal(signal)
      const { code, out } = await running
      expect(code).toBe(0)
      expect(seen.closed).toBe(1)
      expect(out).toContain('gateway   http://127.0.0.1:8080\ndashboard http://127.0.0.1:9090\n')
      expect([scene.listening('SIGINT'), scene.listening('SIGTERM'), scene.listening('SIGHUP')]).toEqual([0, 0, 0])
      scene.remove()
    }
  })

  it('lets a second signal have its usual effect while it drains', async () => {
    const { scene } = gatewayScene()
    const running = scene.run('start', '--upstream', 'http://127.0.0.1:3000')
    await until(() => scene.listening('SIGHUP') === 1)
    expect(scene.listening('SIGINT')).toBe(1)
    scene.signal('SIGINT')
    expect(scene.listening('SIGINT')).toBe(0)
    await running
    scene.remove()
  })

  it('reads the configuration again on SIGHUP, and keeps the old one when the new one is bad', async () => {
    const { scene, seen } = gatewayScene()
    scene.write('thymus.yaml', 'upstream: http://127.0.0.1:3000\nmode: monitor\n')
    const running = scene.run('start')
    await until(() => scene.listening('SIGHUP') === 1)
    scene.write('thymus.yaml', 'upstream: http://127.0.0.1:3000\nmode: enforce\n')
    scene.signal('SIGHUP')
    await until(() => seen.reloaded.length === 1)
    expect(seen.reloaded[0]?.mode).toBe('enforce')
    scene.write('thymus.yaml', 'mode: nonsense\n')
    scene.signal('SIGHUP')
    await new Promise((resolve) => setTimeout(resolve, 50))
    scene.signal('SIGTERM')
    const { code, err } = await running
    expect(code).toBe(0)
    expect(seen.reloaded).toHaveLength(1)
    expect(err).toContain('the old one stays in force: thymus.yaml is not valid: line 1: mode is "nonsense"')
    scene.remove()
  })

  it('takes the configuration file from the option, then the variable, then the folder', async () => {
    const fromFile = async (scene: ReturnType<typeof createScene>, ...args: string[]) =>
      JSON.parse((await scene.run('config', 'print', '--json', ...args)).out).file
    const scene = createScene()
    expect(await fromFile(scene)).toBeNull()
    const usual = scene.write('thymus.yaml', 'mode: learn')
    expect(await fromFile(scene)).toBe(usual)
    const named = scene.write('named.yaml', 'mode: learn')
    scene.env['THYMUS_CONFIG'] = 'named.yaml'
    expect(await fromFile(scene)).toBe(named)
    expect(await fromFile(scene, '--config', 'thymus.yaml')).toBe(usual)
    scene.remove()
  })
})

describe('the demo', () => {
  function demoScene(report: Record<string, unknown>, isComplete: boolean) {
    const seen = { dataDir: '', existed: false, closed: 0, isUnattended: false }
    const scene = createScene({
      startDemo: async (loaded, io): Promise<RunningDemo> => {
        seen.dataDir = loaded.config.dataDir
        seen.existed = existsSync(seen.dataDir)
        seen.isUnattended = io.isUnattended
        return {
          gatewayUrl: 'http://127.0.0.1:8080',
          adminUrl: null,
          firstRunPassword: null,
          notices: [],
          finished: io.isUnattended ? Promise.resolve({ report, isComplete }) : new Promise(() => undefined),
          close: async () => {
            seen.closed += 1
          },
        }
      },
    })
    return { scene, seen }
  }

  it('ends with its counts as the last line and exits 0 only when every step happened', async () => {
    const report = { matured: 49, held: 1, cells: 1, secondRefusedAt: 1, benignRefused: 0 }
    for (const isComplete of [true, false]) {
      const { scene, seen } = demoScene(report, isComplete)
      const { code, out } = await scene.run('demo', '--json')
      expect(code).toBe(isComplete ? 0 : 1)
      expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toEqual(report)
      expect(seen.closed).toBe(1)
      scene.remove()
    }
  })

  it('keeps its data apart from that of a real API, in a folder that goes away', async () => {
    const { scene, seen } = demoScene({}, true)
    await scene.run('demo')
    expect(seen.existed).toBe(true)
    expect(seen.dataDir).toContain('thymus-demo-')
    expect(existsSync(seen.dataDir)).toBe(false)
    await scene.run('demo', '--data-dir', scene.cwd)
    expect(seen.dataDir).toBe(scene.cwd)
    expect(existsSync(scene.cwd)).toBe(true)
    scene.remove()
  })

  it('runs under start without an upstream until it is told to stop', async () => {
    const { scene, seen } = demoScene({}, true)
    const running = scene.run('start')
    await until(() => scene.printed().includes('gateway   http'))
    expect(seen.isUnattended).toBe(false)
    scene.signal('SIGINT')
    const { code, out } = await running
    expect(code).toBe(0)
    expect(out).toContain('No upstream is set')
    expect(seen.closed).toBe(1)
    scene.remove()
  })
})
