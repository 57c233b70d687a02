import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import type { Config, ConfigInput } from '../config/schema.ts'
import { choiceOption, numberOption, optionError } from './arguments.ts'
import type { Call, CommandContext, OptionTable } from './context.ts'

const modes = ['off', 'learn', 'monitor', 'enforce'] as const

/** For commands that need the settings but do not start anything. */
export const configOptions: OptionTable = {
  config: { value: 'FILE', sentence: 'Configuration file; else THYMUS_CONFIG, else thymus.yaml in this folder.' },
  'data-dir': { value: 'FOLDER', sentence: 'Folder for everything that outlives a restart (dataDir).' },
}

/** For commands that open listeners. */
export const startOptions: OptionTable = {
  ...configOptions,
  upstream: { value: 'URL', sentence: 'The API to protect (upstream).' },
  mode: { value: 'MODE', sentence: `How far Thymus may go: ${modes.join(', ')} (mode).` },
  port: { value: 'NUMBER', sentence: 'Port of the gateway, 0 for any (listen.port).' },
  'admin-port': { value: 'NUMBER', sentence: 'Port of the admin listener, 0 for any (admin.port).' },
}

/** Settings of this call: defaults, file, command line. */
export function settingsOf(call: Call, context: CommandContext): Promise<LoadedConfig> {
  const file = configFile(call, context)
  const overrides = overridesOf(call)
  return loadConfig({ ...(file === undefined ? {} : { file }), overrides, env: context.env })
}

function configFile(call: Call, context: CommandContext): string | undefined {
  const named = call.text('config') ?? (context.env['THYMUS_CONFIG'] || undefined)
  if (named !== undefined) return resolve(context.cwd, named)
  const usual = join(context.cwd, 'thymus.yaml')
  return existsSync(usual) ? usual : undefined
}

function overridesOf(call: Call): ConfigInput {
  const mode = choiceOption(call, 'mode', modes)
  const port = numberOption(call, 'port', { min: 0, max: 65_535 })
  const adminPort = numberOption(call, 'admin-port', { min: 0, max: 65_535 })
  const upstream = upstreamOption(call)
  const dataDir = call.text('data-dir')
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(port === undefined ? {} : { listen: { port } }),
    ...(adminPort === undefined ? {} : { admin: { port: adminPort } }),
  }
}

/** People paste addresses with a slash at the end, or without the scheme. Only the first is harmless to accept. */
function upstreamOption(call: Call): string | undefined {
  const text = call.text('upstream')
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const isRoot = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === ''
  if (!isRoot) {
    throw optionError(
      `--upstream is ${JSON.stringify(text)}, expected a URL without a path, like http://127.0.0.1:3000`,
    )
  }
  return url.origin
}

/** The same settings in enforce mode: what evaluations and replays measure. */
export function enforcing(config: Config): Config {
  return { ...config, mode: 'enforce' }
}
