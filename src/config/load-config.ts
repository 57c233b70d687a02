/**
 * Every setting: its type, its default, where it came from. One schema, checked once at the start.
 * It must not read anything but the one file it is given, and never repair a bad setting in silence.
 */
import { readFile, stat } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, ThymusError } from '../core/errors.ts'
import { configError, readConfig } from './parse-config.ts'
import { type Problem, type SettingPath, valueAt } from './problem.ts'
import type { Config, ConfigInput } from './schema.ts'
import { describeSettings } from './settings.ts'
import { type Environment, substitute } from './substitute.ts'
import { type ParsedFile, parseYaml } from './yaml-file.ts'

export type LoadOptions = {
  /** YAML, JSON, or a TypeScript or JavaScript module that exports the settings as `default` or `config`. */
  readonly file?: string
  /** Settings of the command line; they win over the file. */
  readonly overrides?: ConfigInput
  readonly env: Environment
}

export type LoadedConfig = {
  readonly config: Config
  readonly file: string | null
  /** Where the value of a setting (`listen.port`) comes from: `default`, `thymus.yaml:4` or `command line`. */
  readonly originOf: (key: string) => string
}

/** Largest configuration file, in bytes. */
const maxFileBytes = 4 * 1_048_576
const moduleExtensions: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs', '.cjs', '.cts'])
const emptyFile: ParsedFile = { value: {}, lineOf: () => undefined }

/**
 * Settings from defaults, then the file, then the command line. Throws THY_CONFIG_FILE when the file cannot be read, and
 * THY_CONFIG with every problem, its line and what was expected.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const overrides = options.overrides ?? {}
  const parsed = options.file === undefined ? emptyFile : await readFileOf(options.file, options.env)
  const result = readConfig(isGroup(parsed.value) ? merge(parsed.value, overrides) : parsed.value)
  if (result.kind === 'config') {
    const originOf = (key: string) => origin(key.split('.'), { parsed, overrides, file: options.file })
    return { config: result.config, file: options.file ?? null, originOf }
  }
  const subject = options.file === undefined ? 'The configuration' : basename(options.file)
  throw configError(subject, located(result.problems, { lineOf: parsed.lineOf, overrides }))
}

async function readFileOf(file: string, env: Environment): Promise<ParsedFile> {
  await requireFile(file)
  if (moduleExtensions.has(extname(file))) return { ...emptyFile, value: await importSettings(file) }
  const yaml = parseYaml(await readText(file))
  if (yaml.kind === 'problems') throw configError(basename(file), yaml.sentences)
  const { value, problems } = substitute(yaml.file.value, env)
  if (problems.length > 0)
    throw configError(basename(file), located(problems, { lineOf: yaml.file.lineOf, overrides: {} }))
  return { value, lineOf: yaml.file.lineOf }
}

async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable(file, messageOf(error), error)
  })
  if (!found.isFile()) throw unreadable(file, 'it is not a file')
  if (found.size > maxFileBytes) throw unreadable(file, `it has ${found.size} bytes, expected at most ${maxFileBytes}`)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, messageOf(error), error)
  }
}

/** The time of the last change is part of the address, so that a reload sees a changed module. */
async function importSettings(file: string): Promise<unknown> {
  const url = pathToFileURL(resolve(file))
  url.searchParams.set('changed', String((await stat(file)).mtimeMs))
  let exported: { readonly default?: unknown; readonly config?: unknown }
  try {
    exported = (await import(url.href)) as typeof exported
  } catch (error) {
    throw unreadable(file, messageOf(error), error)
  }
  const settings = exported.default ?? exported.config
  if (settings === undefined) throw unreadable(file, 'it exports neither `default` nor `config`')
  return settings
}

function unreadable(file: string, why: string, cause?: unknown): ThymusError {
  return new ThymusError('THY_CONFIG_FILE', `The configuration file ${file} cannot be read: ${why}.`, { cause })
}

type Sources = { readonly lineOf: ParsedFile['lineOf']; readonly overrides: ConfigInput }

function located(problems: readonly Problem[], sources: Sources): readonly string[] {
  return problems.map(({ path, sentence }) => {
    if (valueAt(sources.overrides, path) !== undefined) return `on the command line ${sentence}`
    const line = sources.lineOf(path)
    return line === undefined ? sentence : `line ${line}: ${sentence}`
  })
}

function origin(
  path: SettingPath,
  from: { parsed: ParsedFile; overrides: ConfigInput; file: string | undefined },
): string {
  if (valueAt(from.overrides, path) !== undefined) return 'command line'
  if (from.file === undefined || valueAt(from.parsed.value, path) === undefined) return 'default'
  const line = from.parsed.lineOf(path)
  return line === undefined ? basename(from.file) : `${basename(from.file)}:${line}`
}

/** The second wins, group by group. What is not a group of settings is replaced whole. */
function merge(base: unknown, over: unknown): unknown {
  if (!isGroup(base) || !isGroup(over)) return over === undefined ? base : over
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = key in merged ? merge(merged[key], value) : value
  return merged
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every setting with its value and origin, secrets left out: what `thymus config print` shows. */
export function printableSettings(
  loaded: LoadedConfig,
): readonly { readonly key: string; readonly value: unknown; readonly origin: string }[] {
  return describeSettings()
    .filter(({ key }) => !key.includes('[]'))
    .map(({ key }) => ({
      key,
      value: redacted(key, valueAt(loaded.config, key.split('.'))),
      origin: loaded.originOf(key),
    }))
}

function redacted(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (key === 'redis.secret') return '(set)'
  return key === 'redis.url' ? value.replace(/\/\/[^@/]*@/, '//(credentials)@') : value
}
