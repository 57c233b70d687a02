// Runs the steps of docker/Dockerfile in empty folders and starts what comes out. It builds no image and needs no
// engine: base images, users and the isolation of a container are not checked.
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { commandsOf, createIgnore, parseDockerfile } from './dockerfile.mjs'

const context = fileURLToPath(new URL('..', import.meta.url))
const nobody = 65_534
const startMs = 30_000
const isIgnored = createIgnore(readFileSync(join(context, '.dockerignore'), 'utf8'))
const stages = parseDockerfile(readFileSync(join(context, 'docker', 'Dockerfile'), 'utf8'))
const base = mkdtempSync(join(tmpdir(), 'thymus-docker-'))
const children = []

try {
  chmodSync(base, 0o755)
  say('no image is built: this runs the steps of docker/Dockerfile in empty folders and starts the result')
  linkNode()
  for (const stage of stages) runStage(stage)
  checkPackages(stages.at(-1))
  await checkStart(stages.at(-1))
  say('all steps ran and the program answered; what an engine adds (base image, user, volume) was not checked')
} catch (error) {
  say(`failed: ${error.message}`)
  process.exitCode = 1
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(base, { recursive: true, force: true })
}

/** Where a path of a stage's file system is on this machine. */
function place(stage, path) {
  return join(base, 'stages', stage.name, path.startsWith('/') ? path : join(stage.workdir ?? '/', path))
}

/** The base image brings Node 24; here it is the one that clones run on, or this process if it is new enough. */
function linkNode() {
  const major = Number(process.versions.node.split('.')[0])
  const pinned = join(context, 'node_modules', '.bin', 'node')
  if (major < 24 && !existsSync(pinned))
    throw new Error(`Node 24 is needed, this is ${process.version}; run npm test once`)
  mkdirSync(join(base, 'bin'))
  symlinkSync(major < 24 ? pinned : process.execPath, join(base, 'bin', 'node'))
}

function environment(stage) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_.*|NODE_OPTIONS|NODE_ENV)$/i.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'))
  return { ...Object.fromEntries(inherited), ...stage.variables, PATH: [join(base, 'bin'), ...path].join(delimiter) }
}

function runStage(stage) {
  stage.variables = {}
  mkdirSync(place(stage, '/'), { recursive: true })
  for (const step of stage.steps) {
    if (step.instruction === 'WORKDIR') {
      stage.workdir = step.path
      mkdirSync(place(stage, step.path), { recursive: true })
    }
    if (step.instruction === 'ENV') Object.assign(stage.variables, step.variables)
    if (step.instruction === 'COPY') copy(stage, step)
    if (step.instruction === 'RUN') {
      say(`${stage.name}: ${step.command}`)
      execFileSync('/bin/sh', ['-c', step.command], {
        cwd: place(stage, '.'),
        env: environment(stage),
        stdio: ['ignore', 2, 2],
      })
    }
  }
}

function copy(stage, { from, sources, destination, line }) {
  const origin = from === undefined ? undefined : stages.find((other) => other.name === from)
  if (from !== undefined && origin === undefined) throw new Error(`line ${line}: there is no stage ${from}`)
  for (const source of sources) {
    const found = origin === undefined ? resolve(context, source) : place(origin, source)
    if (!existsSync(found) || (origin === undefined && isIgnored(source))) {
      throw new Error(`line ${line}: COPY ${source} finds nothing in ${from ?? 'the build context'}`)
    }
    const isInto = destination.endsWith('/') && statSync(found).isFile()
    const name = source.split('/').at(-1) ?? ''
    cpSync(found, place(stage, isInto ? join(destination, name) : destination), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => origin !== undefined || path === found || !isIgnored(relative(context, path)),
    })
  }
}

function checkPackages(stage) {
  const manifest = JSON.parse(readFileSync(join(context, 'package.json'), 'utf8'))
  const surplus = Object.keys(manifest.devDependencies).filter((name) =>
    existsSync(place(stage, join('node_modules', name))),
  )
  if (surplus.length > 0) throw new Error(`the last stage holds development packages: ${surplus.join(', ')}`)
}

/** Starts the demo's API and the program in front of it, and asks for its health as the container would. */
async function checkStart(stage) {
  const [apiPort, port, adminPort] = await freePorts(3)
  const { start, health } = commandsOf(stages)
  const data = place(stage, '/data')
  if (process.getuid?.() === 0) chownSync(data, nobody, nobody)
  const api = run(stage, ['node', 'docker/demo-api.mjs'], { PORT: String(apiPort) })
  await healthy(stage, health, { url: `http://127.0.0.1:${apiPort}/health`, program: api })
  const ports = ['--port', String(port), '--admin-port', String(adminPort), '--upstream', `http://127.0.0.1:${apiPort}`]
  const words = start.map((word) => (word.startsWith('/') ? place(stage, word) : word))
  const program = run(stage, [...words, ...ports], {})
  await healthy(stage, health, { url: `http://127.0.0.1:${adminPort}/healthz`, program })
  const answer = await fetch(`http://127.0.0.1:${port}/health`)
  if (!answer.ok) throw new Error(`the API answers ${answer.status} through the gateway`)
  say(`"${start.join(' ')}" is healthy and passes requests on`)
  program.kill('SIGTERM')
  const code = await new Promise((done) => program.once('exit', done))
  if (code !== 0) throw new Error(`SIGTERM ended the program with exit code ${code}, expected 0`)
}

/** As nobody where that is possible: then nothing but the data folder can be written, as in the container. */
function run(stage, [, ...words], variables) {
  const env = { ...environment(stage), ...variables, HOME: '/nonexistent' }
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const options = { cwd: place(stage, '.'), env, stdio: ['ignore', 2, 2], ...user }
  const child = spawn(join(base, 'bin', 'node'), words, options)
  children.push(child)
  return child
}

async function healthy(stage, words, { url, program }) {
  for (const until = Date.now() + startMs; ; await wait(250)) {
    const child = run(stage, words, { THYMUS_HEALTH_URL: url })
    const code = await new Promise((done) => child.once('exit', done))
    if (code === 0) return
    if (program.exitCode !== null)
      throw new Error(`the program ended with exit code ${program.exitCode} instead of starting`)
    if (Date.now() > until) throw new Error(`${url} did not answer within ${startMs / 1_000} seconds`)
  }
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer()
      return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
    }),
  )
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

function say(sentence) {
  process.stderr.write(`docker check: ${sentence}\n`)
}
