import type { Problem, SettingPath } from './problem.ts'
import { type JsonSchema, schemaAt } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Substituted = { readonly value: unknown; readonly problems: readonly Problem[] }

const reference = /\$(\$)?\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a parsed file; `$${NAME}` stands for itself. A text that
 * holds a reference becomes a number or a truth value where the setting asks for one. Only values are replaced, after
 * parsing, so no variable can add settings.
 */
export function substitute(value: unknown, env: Environment): Substituted {
  const problems: Problem[] = []
  return { value: replaceIn(value, [], { env, problems }), problems }
}

type Context = { readonly env: Environment; readonly problems: Problem[] }

function replaceIn(value: unknown, path: SettingPath, context: Context): unknown {
  if (typeof value === 'string') return value.includes('${') ? replaceText(value, path, context) : value
  if (Array.isArray(value)) return value.map((item, index) => replaceIn(item, [...path, index], context))
  if (typeof value !== 'object' || value === null) return value
  const replaced: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) define(replaced, key, replaceIn(member, [...path, key], context))
  return replaced
}

function replaceText(text: string, path: SettingPath, context: Context): unknown {
  let hasReference = false
  const replaced = text.replace(reference, (whole, escaped: string | undefined, name: string, fallback?: string) => {
    if (escaped !== undefined) return whole.slice(1)
    hasReference = true
    const set = context.env[name]
    const value = set === undefined || (set === '' && fallback !== undefined) ? fallback : set
    if (value === undefined) context.problems.push(unset(path, name))
    return value ?? ''
  })
  return hasReference ? asSettingType(replaced, schemaAt(path)) : replaced
}

function unset(path: SettingPath, name: string): Problem {
  const key = path.map((step) => String(step)).join('.')
  return {
    path,
    sentence: `${key} uses \${${name}}, which is not set, expected it in the environment or \${${name}:-default}`,
  }
}

/** Text as the number, truth value or null that a setting asks for; unchanged where it asks for text or does not fit. */
export function asSettingType(text: string, schema: JsonSchema | undefined): unknown {
  const types = typesOf(schema)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  const isNumeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
  if ((types.has('integer') || types.has('number')) && isNumeric) return Number(text)
  return types.has('null') && (text === 'null' || text === '') ? null : text
}

function typesOf(schema: JsonSchema | undefined): ReadonlySet<string> {
  const own = typeof schema?.type === 'string' ? [schema.type] : (schema?.type ?? [])
  return new Set([...own, ...(schema?.anyOf ?? []).flatMap((option) => [...typesOf(option)])])
}

/** Sets a member also when it is called `__proto__`, so that the check for unknown keys sees it. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
