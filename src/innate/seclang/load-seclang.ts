import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { messageOf, ThymusError } from '../../core/errors.ts'
import { compileProgram } from './compile/compile-program.ts'
import type { Dialect } from './compile/dialect.ts'
import { type RuleSource, readDirectives } from './parse/read-directives.ts'
import type { RuleProgram } from './program.ts'
import { seclangDialect } from './seclang-dialect.ts'

/**
 * Loads ModSecurity rule files (paths or globs, in the order given) with all that they include, into one program.
 * Nothing is skipped: whatever cannot be read, is not known or does not compile stops the load with a ThymusError
 * (THY_RULE) that names file, line, rule and reason.
 */
export function loadSecLang(files: readonly string[]): RuleProgram {
  return compileProgram(readDirectives(files, diskSource), { dialect: seclangDialect, readData: readDataFromDisk })
}

export type ParseOptions = {
  readonly source?: RuleSource
  /** Data files of operators, beside the rule file. */
  readonly readData?: (name: string, besideFile: string) => string
  readonly dialect?: Dialect
}

/** Compiles the text of one file; without a source it can include nothing. */
export function parseSecLang(text: string, file: string, options: ParseOptions = {}): RuleProgram {
  const source = options.source ?? noFiles
  const directives = readDirectives([file], {
    readFile: (path) => (path === file ? text : source.readFile(path)),
    listFiles: (pattern, beside) => (beside === null && pattern === file ? [file] : source.listFiles(pattern, beside)),
  })
  return compileProgram(directives, {
    dialect: options.dialect ?? seclangDialect,
    readData: options.readData ?? refuseData,
  })
}

const noFiles: RuleSource = {
  readFile: (path) => {
    throw new Error(`${path} is not given`)
  },
  listFiles: () => [],
}

function refuseData(name: string): string {
  throw new Error(`data file ${name} is not given`)
}

/** Rule files of the disk; what is included is looked for beside the file that includes it. */
export const diskSource: RuleSource = {
  readFile: (path) => readFileSync(path, 'latin1'),
  listFiles: (pattern, besideFile) => {
    const path = isAbsolute(pattern) || besideFile === null ? pattern : join(dirname(besideFile), pattern)
    if (isFile(path)) return [path]
    return /[*?[{]/.test(path) ? filesOf(path) : []
  },
}

function filesOf(pattern: string): readonly string[] {
  try {
    return globSync(pattern).filter(isFile).sort()
  } catch (cause) {
    throw new ThymusError('THY_RULE', `Rule files ${pattern} cannot be listed: ${messageOf(cause)}.`, { cause })
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function readDataFromDisk(name: string, besideFile: string): string {
  return readFileSync(isAbsolute(name) ? name : join(dirname(besideFile), name), 'latin1')
}
