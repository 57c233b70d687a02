import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, resolve, sep } from 'node:path'
import { type ScannedModule, scanModule } from './module-scanner.ts'

export const root = resolve(import.meta.dirname, '../..')

export type SourceFile = {
  /** With forward slashes, below the project: `src/core/errors.ts`. */
  readonly path: string
  readonly text: string
  readonly module: ScannedModule
}

/** Every TypeScript and JavaScript file below the folders. */
export function readSources(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs|js)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules'))
      .map((path) => readSource(relative(root, path).split(sep).join('/')))
      .sort((left, right) => left.path.localeCompare(right.path)),
  )
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, module: scanModule(text) }
}

/** The path that a relative specifier means, below the project. */
export function resolveSpecifier(fromPath: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(fromPath), specifier))
}
