// Finds the two programs that the tests use for real, redis-server and Chromium, and installs them where that is
// possible without asking. It must not be needed for anything but the tests.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const tools = [
  { command: 'redis-server', variable: 'THYMUS_REDIS_SERVER', debianPackage: 'redis-server' },
  { command: 'chromium', variable: 'THYMUS_CHROMIUM', debianPackage: 'chromium' },
]

/** What the conformance tests compare with; a build server gets them, everybody else is told by the skipped tests. */
const references = [
  { path: '/usr/share/modsecurity-crs/rules', debianPackage: 'modsecurity-crs' },
  { path: '/usr/sbin/nginx', debianPackage: 'nginx' },
  {
    path: '/usr/share/nginx/modules-available/mod-http-modsecurity.conf',
    debianPackage: 'libnginx-mod-http-modsecurity',
  },
  { path: '/usr/bin/dpkg-source', debianPackage: 'dpkg-dev' },
]

try {
  const missing = tools.filter(isMissing)
  if (missing.length > 0) install(missing)
  if (process.env.CI && isRoot() && searchPath('apt-get')) installReferences()
} catch (error) {
  say(error.message)
  process.exit(1)
}

/** A variable that names something else than a program is a mistake to mend, not to work around. */
function isMissing({ command, variable }) {
  const named = process.env[variable]
  if (named === undefined || named === '') return !searchPath(command)
  if (isProgram(named)) return false
  throw new Error(`${variable} is ${named}, expected the path of a ${command} program`)
}

function searchPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, command)))
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function install(missing) {
  const packages = missing.map((tool) => tool.debianPackage)
  if (!(isRoot() && searchPath('apt-get'))) throw new Error(adviceFor(missing))
  say(`installing ${packages.join(' and ')}`)
  apt(['update', '-qq'])
  apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  const still = missing.filter(isMissing)
  if (still.length > 0) throw new Error(adviceFor(still))
}

/** Without them some tests are skipped, with the reason in their titles; that is no reason to fail. */
function installReferences() {
  const packages = references.filter(({ path }) => !existsSync(path)).map(({ debianPackage }) => debianPackage)
  if (packages.length === 0) return
  say(`installing ${packages.join(', ')}`)
  try {
    apt(['update', '-qq'])
    apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  } catch (error) {
    say(`${error.message}; the tests that compare with ModSecurity are skipped`)
  }
}

function isRoot() {
  return process.getuid?.() === 0
}

function adviceFor(missing) {
  const names = missing.map((tool) => tool.command).join(' and ')
  const variables = missing.map((tool) => tool.variable).join(' and ')
  const packages = missing.map((tool) => tool.debianPackage).join(' ')
  return `the tests need ${names}: run "sudo apt-get install ${packages}" or name the program${missing.length > 1 ? 's' : ''} with ${variables}`
}

/** Quiet unless it fails: then everything that apt-get said is worth reading. */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const result = spawnSync('apt-get', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', env })
  if (result.status === 0) return
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
  throw new Error(`"apt-get ${args[0]}" failed (${result.error?.message ?? `exit ${result.status}`})`)
}

function say(sentence) {
  process.stderr.write(`tools: ${sentence}\n`)
}
