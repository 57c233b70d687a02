import { z } from 'zod'
import { configSchema } from './schema.ts'

/** JSON Schema 2020-12 of the configuration file, for editors. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema
}

/** The part of JSON Schema that the settings use. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** One setting as `docs/CONFIGURATION.md` shows it. */
export type Setting = {
  /** `listen.port`; members of list entries as `routes[].match`. */
  readonly key: string
  /** What it may be: `whole number from 0 to 65535`. */
  readonly type: string
  /** `undefined` when it has none. */
  readonly default: unknown
  readonly unit: string | null
  readonly sentence: string
}

/** Every setting in the order of the schema, groups left out. */
export function describeSettings(): readonly Setting[] {
  return settingsUnder('', configJsonSchema())
}

/** Groups of settings with their sentence, in the order of the schema. */
export function describeGroups(): readonly { readonly key: string; readonly sentence: string }[] {
  return Object.entries(configJsonSchema().properties ?? {})
    .filter(([, schema]) => schema.properties !== undefined)
    .map(([key, schema]) => ({ key, sentence: schema.description ?? '' }))
}

/** The schema of a key such as `listen.port`, or of a path with list indexes; `undefined` when there is no such key. */
export function schemaAt(path: readonly (string | number)[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = configJsonSchema()
  for (const step of path) {
    schema = typeof step === 'number' ? schema?.items : ownMember(schema?.properties, step)
  }
  return schema
}

function settingsUnder(prefix: string, schema: JsonSchema): readonly Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const key = prefix + name
    if (member.properties !== undefined) return settingsUnder(`${key}.`, member)
    const entries = member.items?.properties === undefined ? [] : settingsUnder(`${key}[].`, member.items)
    return [settingOf(key, member), ...entries]
  })
}

function settingOf(key: string, schema: JsonSchema): Setting {
  const sentence = schema.description ?? ''
  return { key, type: expectedType(schema), default: schema.default, unit: unitOf(key), sentence }
}

const unitBySuffix: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, 'milliseconds'],
  [/Bytes$/, 'bytes'],
  [/PerSecond$/, 'requests per second'],
  [/Length$/, 'characters'],
  [/(?:Share|Score|Affinity)$/, 'share, 0 to 1'],
]

/** Units stand in the names of settings, so they can be read off. */
function unitOf(key: string): string | null {
  return unitBySuffix.find(([suffix]) => suffix.test(key))?.[1] ?? null
}

/** What a value must be, in words: the second half of "listen.port is 99999, expected ...". */
export function expectedType(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectedType).join(' or ')
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  return types.map((type) => expectedOf(type, schema)).join(' or ') || 'anything'
}

function expectedOf(type: string, schema: JsonSchema): string {
  if (type === 'integer' || type === 'number')
    return `${type === 'integer' ? 'whole number' : 'number'}${rangeOf(schema)}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return schema.items?.properties === undefined ? 'list of strings' : 'list of entries'
  if (type === 'object') return 'group of settings'
  if (type === 'null') return 'null'
  if (schema.format === 'uri') return 'URL'
  return schema.minLength !== undefined && schema.minLength > 1
    ? `text of at least ${schema.minLength} characters`
    : 'text'
}

function rangeOf(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum } = schema
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`
  if (low !== undefined) return ` of at least ${low}`
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`
  return high === undefined ? '' : ` of at most ${high}`
}

function ownMember(members: Readonly<Record<string, JsonSchema>> | undefined, name: string): JsonSchema | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined
}
