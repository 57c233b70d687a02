// Makes a clone ready to run: installs what the lock file names, and with `build` compiles what has changed. It must
// not need anything but Node 20 and npm, and must not write to standard output, which belongs to the command after it.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exclusively } from './exclusive.mjs'

const leastNode = 24
/** Platforms for which `scripts/runtime` pins a Node of its own. */
const pinnedPlatforms = ['linux-x64', 'linux-arm64', 'win32-x64']
const platform = `${process.platform}-${process.arch}`
const pinnedNode = join('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const lock = join('.thymus', 'setup.lock')
const manifests = ['package-lock.json', 'package.json', join('scripts', 'runtime', 'package.json')]
// Settings of the machine (NODE_ENV=production, omit=optional) would leave out the compiler or Node itself.
const installFlags = [
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--loglevel=error',
]
const buildSettings = ['tsconfig.json', 'tsconfig.build.json']

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => process.exit(code))
}

try {
  checkPlatform()
  const steps = planSteps(process.argv.includes('build'))
  if (steps.some((step) => !isDone(step))) {
    await exclusively(
      lock,
      (noteChild) => runSteps(steps, noteChild),
      () => say('another set-up is running in this folder, waiting for it'),
    )
  }
} catch (error) {
  say(error.message)
  process.exit(error.exitCode ?? 1)
}

/** Each step has a stamp, which is written last and holds the digest of everything the step depends on. */
function planSteps(withBuild) {
  const install = {
    stamp: join('node_modules', '.thymus-setup'),
    key: digest([platform, ...manifests.filter(existsSync).map(readText)]),
    work: installPackages,
  }
  if (!withBuild) return [install]
  const sources = listFiles('src')
  const contents = [...buildSettings.filter(existsSync), ...sources].map((path) => `${path}\n${readText(path)}`)
  const build = {
    stamp: join('dist', '.thymus-setup'),
    key: `${digest([install.key, ...sources])} ${digest([install.key, ...contents])}`,
    work: buildSources,
  }
  return [install, build]
}

async function runSteps(steps, noteChild) {
  for (const step of steps) {
    if (isDone(step)) continue
    const previous = existsSync(step.stamp) ? readText(step.stamp) : ''
    rmSync(step.stamp, { force: true })
    await step.work({ previous, key: step.key, noteChild })
    mkdirSync(dirname(step.stamp), { recursive: true })
    writeFileSync(step.stamp, step.key)
  }
}

function isDone(step) {
  return existsSync(step.stamp) && readText(step.stamp) === step.key
}

async function installPackages({ noteChild }) {
  say('installing packages, about half a minute the first time')
  await npm(['ci', ...installFlags], noteChild)
  checkPinnedNode()
}

/** Output of sources that are gone would stay behind, so a changed set of files starts from an empty folder. */
async function buildSources({ previous, key, noteChild }) {
  say('building')
  if (previous.split(' ')[0] !== key.split(' ')[0]) rmSync('dist', { recursive: true, force: true })
  await npm(['run', '--silent', 'build'], noteChild)
}

function checkPlatform() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= leastNode) return
  if (major < 20) throw fault(`set-up needs Node 20 or newer, this is ${process.version}; see https://nodejs.org`, 2)
  if (!pinnedPlatforms.includes(platform)) {
    throw fault(
      `Thymus needs Node ${leastNode} or newer on ${platform}, this is ${process.version}; see https://nodejs.org`,
      2,
    )
  }
}

/** The pinned Node is linked against glibc: where it cannot run, the system's takes its place if it is new enough. */
function checkPinnedNode() {
  const found = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' })
  if (found.status === 0) return
  if (Number(process.versions.node.split('.')[0]) < leastNode) {
    throw fault(`the pinned Node ${leastNode} does not run here; install Node ${leastNode} or newer and try again`, 2)
  }
  rmSync(pinnedNode, { force: true })
}

/** Runs npm with the system's Node: the pinned one lives in the folder that npm is about to replace. */
function npm(args, noteChild) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes(`node_modules${sep}.bin`))
  const child = spawn('npm', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === 'win32',
  })
  if (child.pid !== undefined) noteChild(child.pid)
  const stop = () => child.kill()
  process.once('exit', stop)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(fault(`npm cannot be started: ${error.message}`, 1)))
    child.once('exit', (code, signal) => {
      process.removeListener('exit', stop)
      if (code === 0) resolve()
      else reject(fault(`"npm ${args[0]}${args[0] === 'run' ? ' build' : ''}" failed (${signal ?? `exit ${code}`})`, 1))
    })
  })
}

function listFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

function digest(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

function readText(path) {
  return readFileSync(path, 'utf8')
}

function fault(message, exitCode) {
  return Object.assign(new Error(message), { exitCode })
}

function say(sentence) {
  process.stderr.write(`set-up: ${sentence}\n`)
}
