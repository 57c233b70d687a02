import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { configSchema } from '../../src/config/schema.ts'
import { substitute } from '../../src/config/substitute.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

type Step = {
  instruction: string
  command?: string
  text?: string
  from?: string
  sources?: string[]
  words?: string[]
}
type Stage = { name: string; base: string; steps: Step[] }
type DockerfileModule = {
  parseDockerfile: (text: string) => Stage[]
  commandsOf: (stages: Stage[]) => { start: string[]; health: string[] }
  createIgnore: (text: string) => (path: string) => boolean
}
const dockerfilePath: string = join(root, 'scripts/dockerfile.mjs')
const { parseDockerfile, commandsOf, createIgnore }: DockerfileModule = await import(dockerfilePath)

const stages = parseDockerfile(read('docker/Dockerfile'))
const last = stages.at(-1)
const stepsOf = (instruction: string): Step[] => last?.steps.filter((step) => step.instruction === instruction) ?? []

describe('the Dockerfile', () => {
  it('builds every stage on the same Node 24 image', () => {
    expect(stages.length).toBeGreaterThanOrEqual(3)
    expect(new Set(stages.map((stage) => stage.base))).toEqual(new Set(['node:24-bookworm-slim']))
  })

  it('runs as a user without rights and says how it is', () => {
    expect(stepsOf('USER').at(-1)?.text).toBe('node')
    const { start, health } = commandsOf(stages)
    expect(start).toEqual(['node', 'bin/thymus.js', 'start', '--data-dir', '/data'])
    expect(health).toEqual(['node', 'docker/health-check.mjs'])
  })

  it('brings no development packages into the last stage, and runs nothing there', () => {
    expect(stepsOf('RUN')).toEqual([])
    const origin = stepsOf('COPY').find((step) => step.sources?.[0] === '/app/node_modules')?.from
    const installs = stages
      .find((stage) => stage.name === origin)
      ?.steps.filter((step) => step.command?.includes('npm'))
    expect(installs?.map((step) => step.command)).toEqual([expect.stringContaining('--omit=dev')])
  })

  it('copies only what is there and not ignored', () => {
    const isIgnored = createIgnore(read('.dockerignore'))
    const copied = stages
      .flatMap((stage) => stage.steps)
      .filter((step) => step.instruction === 'COPY' && step.from === undefined)
    const sources = copied.flatMap((step) => step.sources ?? [])
    expect(sources.filter((source) => !existsSync(join(root, source)) || isIgnored(source))).toEqual([])
    expect(sources.length).toBeGreaterThan(10)
  })
})

describe('parseDockerfile', () => {
  it('joins continued lines and reads options', () => {
    const [stage] = parseDockerfile('FROM a AS b\n# note\nRUN one \\\n  && two\nCOPY --from=x --chown=y p q/ \n')
    expect(stage).toMatchObject({ name: 'b', base: 'a' })
    expect(stage?.steps).toMatchObject([{ command: 'one  && two' }, { from: 'x', sources: ['p'], destination: 'q/' }])
  })

  it('refuses what it does not know', () => {
    expect(() => parseDockerfile('RUN x')).toThrow('stands before FROM')
    expect(() => parseDockerfile('FROM a\nADD x y')).toThrow('line 2: ADD is not an instruction')
    expect(() => parseDockerfile('FROM a\nCOPY --link x y')).toThrow('--link is not an option')
    expect(() => parseDockerfile('FROM a\nENV A')).toThrow('expected NAME=value')
  })
})

describe('createIgnore', () => {
  it('lets the last matching line win', () => {
    const isIgnored = createIgnore('*\n!src\n**/node_modules\n# note')
    expect(['a', 'src/a.ts', 'src/x/node_modules/b', 'deep/a'].map(isIgnored)).toEqual([true, false, true, true])
  })
})

describe('compose.yaml', () => {
  const compose = parse(read('docker/compose.yaml'))

  it('gives no service a writable root, a capability to start with or new rights', () => {
    const services = Object.entries<Record<string, unknown>>(compose.services)
    expect(services.map(([name]) => name).sort()).toEqual(['redis', 'shop', 'thymus'])
    for (const [, service] of services) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    }
  })

  it('keeps what Redis was told', () => {
    const command = compose.services.redis.command.join(' ')
    expect(command).toContain('--maxmemory-policy noeviction')
    expect(command).toContain('--appendonly yes')
  })

  it('publishes the dashboard on loopback only', () => {
    expect(compose.services.thymus.ports).toEqual(['8080:8080', '127.0.0.1:9090:9090'])
  })

  it('mounts a configuration that the schema accepts', () => {
    const { value, problems } = substitute(parse(read('docker/thymus.yaml')), {})
    expect(problems).toEqual([])
    expect(configSchema.parse(value)).toMatchObject({ mode: 'monitor', dataDir: '/data' })
  })
})
