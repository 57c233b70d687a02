import type { z } from 'zod'
import { closest } from './closest.ts'
import { expectedType, type JsonSchema, schemaAt } from './settings.ts'

/** Steps from the root of the configuration: names and list indexes. */
export type SettingPath = readonly (string | number)[]

/** One thing that is wrong with a configuration. */
export type Problem = {
  readonly path: SettingPath
  /** `listen.port is 99999, expected whole number from 0 to 65535`. No full stop, no file, no line. */
  readonly sentence: string
}

/** `routes[0].match` */
export function formatPath(path: SettingPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}

/** A value as a sentence shows it. Secrets are not shown, and neither is more than a line of anything. */
export function formatValue(path: SettingPath, value: unknown): string {
  if (isSecret(path) && value !== null) return 'a secret'
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** Whether the value at a path must not be printed. */
export function isSecret(path: SettingPath): boolean {
  return path.at(-1) === 'secret' || (path[0] === 'redis' && path.at(-1) === 'url')
}

/** What zod found, one problem per key. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], input: unknown): readonly Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, input))
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: unknown): readonly Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      sentence: unknownKey(path, key, valueAt(input, [...path, key])),
    }))
  }
  const schema = schemaAt(path)
  const expected = issue.message.startsWith('expected ') ? issue.message : `expected ${expectation(schema)}`
  const name = path.length === 0 ? 'the configuration' : formatPath(path)
  return [{ path, sentence: `${name} is ${formatValue(path, valueAt(input, path))}, ${expected}` }]
}

function expectation(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'something else'
  return schema.pattern === undefined ? expectedType(schema) : `${expectedType(schema)} that matches ${schema.pattern}`
}

function unknownKey(parent: SettingPath, key: string, value: unknown): string {
  const known = Object.keys(schemaAt(parent)?.properties ?? {})
  const meant = closest(key, known)
  const where = parent.length === 0 ? 'the top level' : formatPath(parent)
  const hint =
    meant === undefined
      ? `expected one of ${known.join(', ')} in ${where}`
      : `expected ${formatPath([...parent, meant])}`
  return `${formatPath([...parent, key])} is ${formatValue([...parent, key], value)}, but there is no such setting, ${hint}`
}

/** The value at a path of unknown input; only own members count. */
export function valueAt(input: unknown, path: SettingPath): unknown {
  let value = input
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string | number, unknown>>)[step]
  }
  return value
}
