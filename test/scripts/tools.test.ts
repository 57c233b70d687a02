import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const tools = resolve(import.meta.dirname, '../../scripts/tools.mjs')

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thymus-tools-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

/** Runs with a PATH that holds nothing but the programs made above. */
function runTools(env: Record<string, string> = {}, nodeOptions: string[] = []) {
  return spawnSync(process.execPath, [...nodeOptions, tools], { encoding: 'utf8', env: { PATH: folder, ...env } })
}

describe('tools', () => {
  it('says nothing when both programs are on the PATH', () => {
    program('redis-server', 'exit 0')
    program('chromium', 'exit 0')
    expect(runTools()).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it('takes the programs that variables name', () => {
    const env = { THYMUS_REDIS_SERVER: program('my-redis', ''), THYMUS_CHROMIUM: program('my-chromium', '') }
    expect(runTools(env)).toMatchObject({ status: 0, stderr: '' })
  })

  it('refuses a variable that names no program', () => {
    const refused = runTools({ THYMUS_CHROMIUM: join(folder, 'nothing'), THYMUS_REDIS_SERVER: program('r', '') })
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('expected the path of a chromium program')
  })

  it('tells anyone but root in one sentence what to install', () => {
    program('apt-get', 'exit 0')
    program('redis-server', 'exit 0')
    const plain = runTools({}, ['--import', 'data:text/javascript,process.getuid=()=>1000'])
    expect(plain.status).toBe(1)
    expect(plain.stderr).toBe(
      'tools: the tests need chromium: run "sudo apt-get install chromium" or name the program with THYMUS_CHROMIUM\n',
    )
  })

  it('lets root install what is missing, package lists first', () => {
    const log = join(folder, 'apt.log')
    program('redis-server', 'exit 0')
    program('apt-get', `echo "$DEBIAN_FRONTEND $*" >> ${log}\nexec /bin/ln -sf /bin/true ${join(folder, 'chromium')}`)
    const installed = runTools({}, ['--import', 'data:text/javascript,process.getuid=()=>0'])
    expect(installed).toMatchObject({ status: 0, stdout: '' })
    const calls = spawnSync('cat', [log], { encoding: 'utf8' }).stdout.trim().split('\n')
    expect(calls).toEqual([
      'noninteractive update -qq',
      'noninteractive install -y -qq --no-install-recommends chromium',
    ])
  })

  it('shows what apt-get said when it fails', () => {
    program('apt-get', 'echo "no such mirror"; exit 100')
    const failed = runTools({}, ['--import', 'data:text/javascript,process.getuid=()=>0'])
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('no such mirror')
    expect(failed.stderr).toContain('"apt-get update" failed (exit 100)')
  })
})
