import {
  clockHomes,
  composers,
  dashboard,
  dashboardContract,
  importTable,
  publicEntries,
  pureBuiltins,
  pureRooms,
  vendorHomes,
} from './import-table.ts'
import { resolveSpecifier, type SourceFile } from './source-files.ts'

/** Each rule takes files and returns one sentence per breach, so that it can be shown to fail. */

const isWithin = (path: string, home: string): boolean => path === `src/${home}` || path.startsWith(`src/${home}/`)
const isComposer = (path: string): boolean => composers.some((composer) => isWithin(path, composer))
const isDashboard = (path: string): boolean => isWithin(path, dashboard)

/** First folder below `src`; empty for files that stand there themselves. */
export function roomOf(path: string): string {
  const [, room, ...rest] = path.split('/')
  return rest.length === 0 ? '' : (room ?? '')
}

export function findRoomBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, module }) =>
    module.imports
      .filter((edge) => edge.specifier.startsWith('.'))
      .map((edge) => ({ edge, target: resolveSpecifier(path, edge.specifier) }))
      .filter(({ edge, target }) => !mayImport(path, target, edge.isType))
      .map(({ edge, target }) => `${path}:${edge.line} must not import ${target}`),
  )
}

function mayImport(path: string, target: string, isType: boolean): boolean {
  if (isDashboard(path) && isType && target === dashboardContract) return true
  if (isDashboard(path) || isDashboard(target)) return isDashboard(path) && isDashboard(target)
  if (isComposer(path)) return target.startsWith('src/') || target === 'package.json'
  const room = roomOf(path)
  const targetRoom = roomOf(target)
  if (room === targetRoom && target.startsWith('src/')) return true
  if (room === 'demo' && Object.values(publicEntries).includes(target)) return true
  return target.startsWith('src/') && (importTable[room] ?? []).includes(targetRoom)
}

/** Node runs the sources as they stand, so a relative import names its file with its ending. */
export function findEndingBreaches(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !isDashboard(path))
    .flatMap(({ path, module }) =>
      module.imports
        .filter(({ specifier }) => specifier.startsWith('.') && !/\.(?:ts|js|json|mjs)$/.test(specifier))
        .map(({ specifier, line }) => `${path}:${line} imports ${specifier} without its ending`),
    )
}

export function findVendorBreaches(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !isDashboard(path))
    .flatMap(({ path, module }) =>
      module.imports
        .filter(({ specifier }) => !specifier.startsWith('.'))
        .filter(({ specifier }) => !mayUse(path, packageOf(specifier)))
        .map(({ specifier, line }) => `${path}:${line} must not import ${specifier}`),
    )
}

function mayUse(path: string, vendor: string): boolean {
  const homes = vendorHomes[vendor] ?? vendorHomes[`${vendor.split('/')[0]}/*`]
  if (homes !== undefined) return homes.some((home) => isWithin(path, home))
  return vendor.startsWith('node:') && (!pureRooms.includes(roomOf(path)) || pureBuiltins.includes(vendor))
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Each cycle once, as the files on it. */
export function findCycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map(({ path, module }) => [
      path,
      module.imports
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolveSpecifier(path, specifier)),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return cycles
}

/** A barrel passes on what stands elsewhere and has nothing of its own; only a public entry may be one. */
export function findBarrels(files: readonly SourceFile[]): string[] {
  const entries = Object.values(publicEntries)
  return files
    .filter(({ path, module }) => !entries.includes(path) && isBarrel(module))
    .map(({ path }) => `${path} is a barrel; import from where the thing stands`)
}

function isBarrel(module: SourceFile['module']): boolean {
  if (!module.hasReExports) return false
  const passedOn = /^\s*(?:import|export)\s[^;=()]*?\bfrom\s*'\s*'$/gm
  return module.exports.includes('*') || module.code.replace(passedOn, '').trim() === ''
}

export function findDefaultExports(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !/\.config\.(?:ts|mjs|js)$/.test(path) && path !== 'test/environment.ts')
    .filter(({ module }) => module.exports.includes('default'))
    .map(({ path }) => `${path} has a default export`)
}

const forbiddenCode: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /(?:[:<,|&]|=>|\bas|\bextends)\s*any\b(?!\s*[:(.'])/, name: 'any' },
  { pattern: /[\w)\]]!(?![=\w])/, name: 'a non-null "!"' },
]

export function findForbiddenCode(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, module }) =>
    module.code
      .split('\n')
      .flatMap((line, index) =>
        forbiddenCode
          .filter(({ pattern }) => pattern.test(line))
          .map(({ name }) => `${path}:${index + 1} uses ${name}`),
      ),
  )
}

/** Left-over notes and switched-off checks, wherever they stand. */
const forbiddenNotes = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b|@ts-(?:ignore|nocheck)`)

export function findForbiddenNotes(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (forbiddenNotes.test(line) ? [`${path}:${index + 1} has a left-over note`] : [])),
  )
}

export const maxFileLines = 300

export function findLongFiles(files: readonly SourceFile[]): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maxFileLines)
    .map(({ path, lines }) => `${path} has ${lines} lines`)
}

/** Time and chance are injected, so that tests and replays own them. */
export function findAmbientTime(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !isDashboard(path) && !clockHomes.some((home) => isWithin(path, home)))
    .flatMap(({ path, module }) =>
      module.code
        .split('\n')
        .flatMap((line, index) =>
          /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/.test(line)
            ? [`${path}:${index + 1} reads the clock or the dice`]
            : [],
        ),
    )
}

const vagueNames = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared', 'types', 'interfaces', 'lib']

export function findVagueNames(paths: readonly string[]): string[] {
  return paths.filter((path) => path.split('/').some((part) => vagueNames.includes(part.replace(/\.\w+$/, ''))))
}

/** Rooms in which no file opens with what the room is for and what it must not do. */
export function findUnintroducedRooms(files: readonly SourceFile[]): string[] {
  const rooms = [...new Set(files.map(({ path }) => roomOf(path)))].filter((room) => room !== '')
  return rooms.filter(
    (room) =>
      !files.some(({ path, module }) => roomOf(path) === room && /\bmust (?:not|never)\b/i.test(module.heading)),
  )
}
