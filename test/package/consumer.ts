import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export type Finished = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** What reaches the registry stays; everything that the surrounding `npm test` put in goes. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_(?!config_(?:registry|cafile|cache|.*proxy|strict_ssl))|NODE_(?:OPTIONS|ENV)$|INIT_CWD$)/.test(name),
  )
  const paths = (process.env['PATH'] ?? '').split(delimiter).filter((path) => !path.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: [dirname(realpathSync(process.execPath)), ...paths].join(delimiter) }
}

/** Runs to its end with Node 24 first on the PATH. */
export function run(folder: string, command: string, ...args: readonly string[]): Finished {
  const options = { cwd: folder, env: cleanEnvironment(), encoding: 'utf8', timeout: 150_000 } as const
  const { status, stdout, stderr } = spawnSync(command, args, options)
  return { status, stdout, stderr }
}

/** Like `run`, but a failure is an error with everything that the command said. */
export function mustRun(folder: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = run(folder, command, ...args)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}

/** Packs the built project and installs it with Express into a new project; returns the folder of that project. */
export function installConsumer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-consumer-'))
  const packed = mustRun(root, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder).trim()
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }))
  const tarball = join(folder, packed.split('\n').at(-1) ?? '')
  mustRun(
    project,
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefer-offline',
    tarball,
    'express@5',
  )
  return project
}

export function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
