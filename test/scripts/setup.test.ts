import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const scripts = resolve(import.meta.dirname, '../../scripts')

/** Counts its runs in `builds.log`, and fails or takes its time when a file asks for it. */
const buildScript = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
console.log('build output')
if (existsSync('busy')) { console.error('two builds at once'); process.exit(9) }
mkdirSync('busy')
await new Promise((resolve) => setTimeout(resolve, 300))
const { rmdirSync } = await import('node:fs')
rmdirSync('busy')
if (existsSync('fail')) process.exit(3)
mkdirSync('dist', { recursive: true })
writeFileSync('dist/main.js', readFileSync('src/main.ts'))
appendFileSync('builds.log', 'x')
`

let project = ''

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'thymus-setup-'))
  cpSync(scripts, join(project, 'scripts'), { recursive: true })
  rmSync(join(project, 'scripts', 'runtime'), { recursive: true, force: true })
  const manifest = { name: 'clone', version: '1.0.0', scripts: { build: 'node build.mjs' } }
  write('package.json', JSON.stringify(manifest))
  const lock = { name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': manifest } }
  write('package-lock.json', JSON.stringify(lock))
  write('build.mjs', buildScript)
  write('src/main.ts', 'one')
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

const builds = (): number =>
  existsSync(join(project, 'builds.log')) ? readFileSync(join(project, 'builds.log'), 'utf8').length : 0

function setUp(...nodeOptions: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...nodeOptions, 'scripts/setup.mjs', 'build'], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

function setUpInBackground(): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['scripts/setup.mjs', 'build'], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((done) => child.once('close', (status) => done({ status, stderr })))
}

describe('setup', () => {
  it('installs and builds once, then has nothing to say', () => {
    const first = setUp()
    expect(first).toMatchObject({ status: 0, stdout: '' })
    expect(first.stderr).toContain('build output')
    expect(setUp()).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(builds()).toBe(1)
  })

  it('builds again when the text of a source changes, and not when only its date does', () => {
    setUp()
    write('src/main.ts', 'one')
    setUp()
    expect(builds()).toBe(1)
    write('src/main.ts', 'two')
    setUp()
    expect(builds()).toBe(2)
    expect(readFileSync(join(project, 'dist/main.js'), 'utf8')).toBe('two')
  })

  it('leaves no output of a source that is gone', () => {
    setUp()
    write('dist/old.js', 'output of src/old.ts')
    write('src/new.ts', 'new')
    setUp()
    expect(existsSync(join(project, 'dist/old.js'))).toBe(false)
  })

  it('installs again when the lock file changes', () => {
    setUp()
    const lock = readFileSync(join(project, 'package-lock.json'), 'utf8')
    write('package-lock.json', `${lock}\n`)
    expect(setUp().stderr).toContain('installing')
  })

  it('leaves no stamp when the build fails, and gives the command and its exit code', () => {
    write('fail', '')
    const failed = setUp()
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('set-up: "npm run build" failed (exit 3)')
    expect(existsSync(join(project, 'dist/.thymus-setup'))).toBe(false)
    rmSync(join(project, 'fail'))
    expect(setUp().status).toBe(0)
    expect(builds()).toBe(1)
  })

  it('lets one of four simultaneous runs work and the others wait for it', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => setUpInBackground()))
    expect(runs.map((run) => run.status)).toEqual([0, 0, 0, 0])
    expect(builds()).toBe(1)
    expect(runs.some((run) => run.stderr.includes('waiting for it'))).toBe(true)
    expect(readdirSync(join(project, '.thymus'))).toEqual([])
  })

  it('takes over the lock of a process that died', () => {
    const dead = spawnSync(process.execPath, ['--version']).pid
    write('.thymus/setup.lock/owner.json', JSON.stringify({ pid: dead, host: hostname() }))
    expect(setUp().status).toBe(0)
    expect(builds()).toBe(1)
  })

  it('waits while a process that the dead one started still runs', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    write('.thymus/setup.lock/owner.json', JSON.stringify({ pid: dead, child: child.pid, host: hostname() }))
    const run = setUpInBackground()
    await new Promise((done) => setTimeout(done, 600))
    expect(builds()).toBe(0)
    child.kill()
    expect(await run).toMatchObject({ status: 0, stderr: expect.stringContaining('waiting for it') })
  })

  it('says in one sentence which Node a platform without a pinned one needs', () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'});
      Object.defineProperty(process.versions,'node',{value:'20.1.0'});Object.defineProperty(process,'version',{value:'v20.1.0'})`
    const refused = setUp('--import', pretend.replace(/\s+/g, ' '))
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(
      /^set-up: Thymus needs Node 24 or newer on darwin-\w+, this is v20\.1\.0; see \S+\n$/,
    )
    expect(builds()).toBe(0)
  })
})
