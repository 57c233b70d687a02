// Finds a rule set and its regression tests: named by the environment, else Debian's package and its source, which is
// fetched once into node_modules/.cache. Neither is part of this project.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Located =
  | { readonly kind: 'found'; readonly rules: string; readonly tests: string; readonly isDebian: boolean }
  /** One sentence on what to install or name. */
  | { readonly kind: 'missing'; readonly why: string }

const debianRules = '/usr/share/modsecurity-crs'
const sourcePackage = 'modsecurity-crs'
const cache = fileURLToPath(new URL('../../node_modules/.cache/crs', import.meta.url))
const advice =
  'install the rules with "apt-get install modsecurity-crs" where deb-src entries can be fetched, or name folders with ' +
  'THYMUS_CRS_RULES and THYMUS_CRS_TESTS'

export function locateCrs(): Located {
  const rules = process.env['THYMUS_CRS_RULES']
  const tests = process.env['THYMUS_CRS_TESTS']
  if (rules && tests) return { kind: 'found', rules, tests, isDebian: false }
  if (rules || tests) return { kind: 'missing', why: 'THYMUS_CRS_RULES and THYMUS_CRS_TESTS go together: name both' }
  const source = cachedSource() ?? fetchSource()
  if (source === null) return { kind: 'missing', why: `the OWASP Core Rule Set is not here: ${advice}` }
  installRules()
  const installed = existsSync(join(debianRules, 'rules')) ? debianRules : source
  return { kind: 'found', rules: installed, tests: join(source, 'tests/regression/tests'), isDebian: true }
}

/** Rules alone, for runs that need no tests. */
export function locateRules(): string | null {
  const named = process.env['THYMUS_CRS_RULES']
  if (named) return named
  if (existsSync(join(debianRules, 'rules'))) return debianRules
  return cachedSource() ?? fetchSource()
}

function cachedSource(): string | null {
  if (!existsSync(cache)) return null
  const folder = readdirSync(cache).find((name) => existsSync(join(cache, name, 'tests/regression/tests')))
  return folder === undefined ? null : join(cache, folder)
}

/** `apt-get source`, with a list of sources and a state of its own, so that nothing of the machine is changed. */
function fetchSource(): string | null {
  if (spawnSync('apt-get', ['--version']).status !== 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'crs-source-'))
  try {
    const options = isolatedOptions(folder)
    if (!apt([...options, 'update'], folder)) return null
    if (!apt([...options, '--only-source', 'source', sourcePackage], folder)) return null
    const unpacked = readdirSync(folder).find((name) => existsSync(join(folder, name, 'tests/regression/tests')))
    if (unpacked === undefined) return null
    mkdirSync(cache, { recursive: true })
    const target = join(cache, unpacked)
    if (!move(join(folder, unpacked), target)) return null
    return target
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function isolatedOptions(folder: string): string[] {
  for (const name of ['sources', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, name), { recursive: true })
  writeSources(join(folder, 'sources'))
  const settings = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${folder}/sources`,
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'Acquire::http::Timeout=20',
    'Acquire::Retries=1',
    'APT::Sandbox::User=',
  ]
  return ['-qq', ...settings.flatMap((setting) => ['-o', setting])]
}

/** The machine's own sources, asked for source packages. */
function writeSources(target: string): void {
  const parts = '/etc/apt/sources.list.d'
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(?:list|sources)$/.test(name)) : []
  for (const path of ['/etc/apt/sources.list', ...names.map((name) => join(parts, name))]) {
    if (!existsSync(path)) continue
    const text = readFileSync(path, 'utf8')
    const asked = text.replaceAll(/^deb(\s)/gm, 'deb-src$1').replaceAll(/^Types:\s*deb\s*$/gm, 'Types: deb-src')
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (/^deb-src\s|deb-src$/m.test(asked)) writeFileSync(join(target, name), asked)
  }
}

function apt(args: readonly string[], cwd: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', args, { cwd, env, stdio: 'ignore', timeout: 120_000 }).status === 0
}

function move(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return spawnSync('cp', ['-r', from, to]).status === 0
  }
}

function installRules(): void {
  if (existsSync(join(debianRules, 'rules')) || process.getuid?.() !== 0) return
  apt(['-qq', 'install', '-y', '--no-install-recommends', sourcePackage], '/')
}
