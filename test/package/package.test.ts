import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bytesOf, installConsumer, mustRun, root, run } from './consumer.ts'

const maxBytes = 40 * 1024 * 1024

let project = ''

beforeAll(() => {
  project = installConsumer()
}, 240_000)

afterAll(() => rmSync(dirname(project), { recursive: true, force: true }))

type Lock = { packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }> }
const readLock = (): Lock => JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))

/** An API with one page behind the middleware, asked twice: as usual, and with an attack. Prints both statuses. */
const serve = `
const app = express()
app.use(thymus({ mode: 'enforce', dataDir: './data', admin: { enabled: false }, telemetry: { level: 'silent' } }))
app.use((request, response) => response.json({ hello: 'world' }))
const server = app.listen(0, '127.0.0.1', async () => {
  const base = 'http://127.0.0.1:' + server.address().port
  const good = await fetch(base + '/hello?name=world')
  const bad = await fetch(base + '/hello?name=' + encodeURIComponent("x' UNION SELECT password FROM users -- "))
  console.log(JSON.stringify([good.status, await good.json(), bad.status, bad.headers.get('content-type')]))
  process.exit(0)
})
`
const served = [200, { hello: 'world' }, 403, expect.stringContaining('application/problem+json')]

describe('the packed package', () => {
  it('brings neither a Node nor TensorFlow', () => {
    const names = Object.keys(readLock().packages)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => /node_modules\/(?:node-|node$|@tensorflow)/.test(name))).toEqual([])
  })

  it('runs no install script', () => {
    const scripted = Object.entries(readLock().packages).filter(([, entry]) => entry.hasInstallScript === true)
    expect(scripted.map(([name]) => name)).toEqual([])
  })

  it('weighs less than 40 MB with everything it needs', () => {
    expect(bytesOf(join(project, 'node_modules'))).toBeLessThan(maxBytes)
  })

  it('holds what it needs to run and nothing of the workshop', () => {
    const installed = join(project, 'node_modules', 'thymus')
    const top = readdirSync(installed).sort()
    expect(top).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin', 'dist', 'models', 'package.json', 'rules']),
    )
    expect(top.filter((name) => ['src', 'test', 'scripts', 'docker'].includes(name))).toEqual([])
    expect(existsSync(join(installed, 'dist', 'admin', 'dashboard', 'index.html'))).toBe(true)
  })

  it('guards an Express app written as an ES module', () => {
    const imports = `import express from 'express'\nimport { createThymus } from 'thymus'\nimport { thymus } from 'thymus/express'`
    const check = `if (typeof createThymus !== 'function') throw new Error('createThymus is ' + typeof createThymus)`
    writeFileSync(join(project, 'server.mjs'), `${imports}\n${check}\n${serve}`)
    expect(JSON.parse(mustRun(project, 'node', 'server.mjs').trim().split('\n').at(-1) ?? '')).toEqual(served)
  })

  it('guards an Express app written as CommonJS', () => {
    const imports = `const express = require('express')\nconst { createThymus } = require('thymus')\nconst { thymus } = require('thymus/express')`
    const check = `if (typeof createThymus !== 'function') throw new Error('createThymus is ' + typeof createThymus)`
    writeFileSync(join(project, 'server.cjs'), `${imports}\n${check}\n${serve}`)
    expect(JSON.parse(mustRun(project, 'node', 'server.cjs').trim().split('\n').at(-1) ?? '')).toEqual(served)
  })

  it('has types that a strict project can use', () => {
    const text = `import { createThymus } from 'thymus'\nimport { thymus } from 'thymus/express'\nexport const made: Function[] = [createThymus, thymus]\nconst wrong: string = createThymus\nexport { wrong }\n`
    writeFileSync(join(project, 'types.mts'), text)
    const types = join(root, 'node_modules', '@types')
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--typeRoots',
      types,
      '--types',
      'node',
    ]
    const { stdout } = run(project, join(root, 'node_modules', '.bin', 'tsc'), ...flags, 'types.mts')
    expect(stdout.match(/error TS\d+/g)).toEqual(['error TS2322'])
  })

  it('brings the thymus command', () => {
    expect(mustRun(project, 'npx', 'thymus', '--help')).toContain('Usage: thymus COMMAND')
  })
})
