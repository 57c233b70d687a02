import { isMembers } from '../json-log-line.ts'
import { type ApiDocument, childOf, type MembersNode, type Node } from './document.ts'
import type { Slot, Variant } from './rows.ts'
import type { Report, ValueReader } from './schema-values.ts'

const locations = ['path', 'query', 'header', 'cookie'] as const
export type ParameterLocation = (typeof locations)[number]

/** A parameter with the values it shows, and how they are written. */
export type Parameter = Slot & {
  readonly parameter: string
  readonly location: ParameterLocation
  readonly style: string
  readonly isExploded: boolean
}

/** Headers that OpenAPI describes elsewhere; a parameter of that name has no meaning. */
const reservedHeaders: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'content-length',
])

type Reading = { readonly api: ApiDocument; readonly valuesOf: ValueReader; readonly report: Report }

/** Parameters of a path and of its operation; those of the operation win. */
export function parametersOf(holders: readonly MembersNode[], reading: Reading): readonly Parameter[] {
  const found = new Map<string, Parameter>()
  for (const holder of holders) {
    const list = holder.value['parameters'] ?? []
    if (!Array.isArray(list)) throw reading.api.fault(`${holder.pointer}/parameters`, list, 'a list of parameters')
    for (const index of list.keys()) {
      const parameter = parameterOf(
        childOf({ value: list, pointer: `${holder.pointer}/parameters` }, String(index)),
        reading,
      )
      if (parameter !== null) found.set(parameter.name, parameter)
    }
  }
  return [...found.values()]
}

function parameterOf(node: Node, { api, valuesOf, report }: Reading): Parameter | null {
  const resolved = api.resolve(node)
  if (resolved.kind === 'unusable') {
    report(node.pointer, resolved.reason)
    return null
  }
  const entry = api.membersOf(resolved, 'a parameter')
  const { name, in: where, style, explode, required } = entry.value
  if (typeof name !== 'string' || name === '') throw api.fault(`${entry.pointer}/name`, name, 'the name of a parameter')
  const location = locations.find((one) => one === where)
  if (location === undefined) throw api.fault(`${entry.pointer}/in`, where, `one of ${locations.join(', ')}`)
  if (location === 'header' && (reservedHeaders.has(name.toLowerCase()) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)))
    return null
  const usual = location === 'query' || location === 'cookie' ? 'form' : 'simple'
  const form = typeof style === 'string' ? style : usual
  return {
    name: `${location} ${location === 'header' ? name.toLowerCase() : name}`,
    parameter: name,
    location,
    style: form,
    isExploded: typeof explode === 'boolean' ? explode : form === 'form',
    isRequired: required === true || location === 'path',
    variants: parameterValues(entry, { api, valuesOf, report }),
  }
}

function parameterValues(entry: MembersNode, reading: Reading): readonly Variant[] {
  const shown = shownValues(entry, reading)
  const content = entry.value['content']
  if (!isMembers(content)) return reading.valuesOf(childOf(entry, 'schema'), shown)
  const [type] = Object.keys(content)
  const media = childOf({ value: content, pointer: `${entry.pointer}/content` }, type ?? '')
  const values = isMembers(media.value)
    ? reading.valuesOf(childOf({ value: media.value, pointer: media.pointer }, 'schema'), [
        ...shown,
        ...shownValues({ value: media.value, pointer: media.pointer }, reading),
      ])
    : []
  return values.map(({ value, isDerived }) => ({ value: JSON.stringify(value) ?? '', isDerived }))
}

/** `example` and the values of `examples` of a parameter or a media type. */
export function shownValues(holder: MembersNode, { api, report }: Pick<Reading, 'api' | 'report'>): readonly unknown[] {
  const { example, examples } = holder.value
  const shown = example === undefined ? [] : [example]
  if (examples === undefined) return shown
  const named = api.membersOf(childOf(holder, 'examples'), 'an object of named examples')
  for (const name of Object.keys(named.value)) {
    const resolved = api.resolve(childOf(named, name))
    if (resolved.kind === 'unusable') report(`${named.pointer}/${name}`, resolved.reason)
    else if (isMembers(resolved.value) && resolved.value['value'] !== undefined) shown.push(resolved.value['value'])
    else report(`${named.pointer}/${name}`, 'an example has no value of its own (an external one is not fetched)')
  }
  return shown
}

/** A value as one text, as styles without names write it: `1,2` or `a,1,b,2`. */
export function plainText(value: unknown, separator = ','): string {
  if (Array.isArray(value)) return value.map((item) => scalarText(item)).join(separator)
  if (!isMembers(value)) return scalarText(value)
  return Object.entries(value)
    .flatMap(([key, item]) => [key, scalarText(item)])
    .join(separator)
}

/** Names and values that one query, form or cookie parameter writes (RFC 6570 as OpenAPI has it). */
export function namedTexts(
  parameter: Pick<Parameter, 'parameter' | 'style' | 'isExploded'>,
  value: unknown,
): readonly [string, string][] {
  const { parameter: name, style, isExploded } = parameter
  if (isMembers(value) && style === 'deepObject') {
    return Object.entries(value).map(([key, item]) => [`${name}[${key}]`, scalarText(item)])
  }
  if (isExploded && Array.isArray(value)) return value.map((item) => [name, scalarText(item)])
  if (isExploded && isMembers(value)) return Object.entries(value).map(([key, item]) => [key, scalarText(item)])
  const separator = { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ','
  return [[name, plainText(value, separator)]]
}

function scalarText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
}
