import { isMembers } from '../json-log-line.ts'
import { type ApiDocument, childOf, type Members, type MembersNode, type Node } from './document.ts'
import { plainValues } from './plain-values.ts'
import { distinct, rowsOf, type Slot, type Variant } from './rows.ts'

/** Told of what could not be used, and where it stands. */
export type Report = (pointer: string, reason: string) => void

/** Most values of one schema; the same as the most requests of one operation. */
export const maxVariants = 50
const maxDepth = 16
/** Schemas that are looked at for one operation: schemas that use each other would multiply without end. */
const maxVisits = 2_000

/** Reads values out of schemas; one for each operation. */
export type ValueReader = (schema: Node, hints?: readonly unknown[]) => readonly Variant[]

type Walk = {
  readonly api: ApiDocument
  readonly report: Report
  /** Schemas that stand around the present one. */
  readonly around: ReadonlySet<unknown>
  readonly budget: { left: number }
}

export function createValueReader(api: ApiDocument, report: Report): ValueReader {
  const walk: Walk = { api, report, around: new Set(), budget: { left: maxVisits } }
  return (schema, hints = []) => valuesOf(schema, hints, walk)
}

/** `hints` are values that the document shows for the whole, further out. */
function valuesOf(node: Node, hints: readonly unknown[], walk: Walk): readonly Variant[] {
  const shownValues = hints.map(documented)
  if (node.value === undefined || typeof node.value === 'boolean') return distinct(shownValues, maxVariants)
  const resolved = walk.api.resolve(node)
  if (resolved.kind === 'unusable') {
    walk.report(node.pointer, resolved.reason)
    return distinct(shownValues, maxVariants)
  }
  if (typeof resolved.value === 'boolean') return distinct(shownValues, maxVariants)
  const schema = walk.api.membersOf(resolved, 'a schema')
  const stop = reasonToStop(schema, walk)
  if (stop !== null) {
    walk.report(node.pointer, stop)
    return distinct(shownValues, maxVariants)
  }
  walk.budget.left -= 1
  const inner = { ...walk, around: new Set([...walk.around, schema.value]) }
  const own = [...shownValues, ...examplesOf(schema).map(documented)]
  const composed = composedOf(
    schema,
    own.map(({ value }) => value),
    inner,
  )
  if (composed !== null) {
    const isShown = own.length > 0
    return distinct([...own, ...composed.filter(({ isDerived }) => !isShown || !isDerived)], maxVariants)
  }
  if (own.length > 0) return distinct(own, maxVariants)
  return derivedOf(schema, walk)
}

const documented = (value: unknown): Variant => ({ value, isDerived: false })

function reasonToStop(schema: MembersNode, { around, budget }: Walk): string | null {
  if (around.has(schema.value)) return 'a schema holds itself; it is left out where it would begin again'
  if (around.size >= maxDepth) return `schemas are nested deeper than ${maxDepth}; what is deeper is left out`
  return budget.left <= 0 ? `an operation uses more than ${maxVisits} schemas; the rest of them are left out` : null
}

function examplesOf({ value: schema }: MembersNode): readonly unknown[] {
  const { example, examples, const: constant, enum: members, default: usual } = schema
  const lists = [examples, members].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
  return [example, ...lists, constant, usual].filter((value) => value !== undefined)
}

/** Values put together from inner schemas; `null` where there are none. */
function composedOf(schema: MembersNode, hints: readonly unknown[], walk: Walk): readonly Variant[] | null {
  const choices = ['oneOf', 'anyOf'].flatMap((key) => listOf(schema, key))
  if (choices.length > 0) return choices.flatMap((choice) => valuesOf(choice, [], walk))
  const parts = listOf(schema, 'allOf')
  const slots = [
    schema.value['properties'] === undefined ? [] : propertySlots(schema, hints, walk),
    ...parts.map((part) => partSlots(part, hints, walk)),
  ].flat()
  if (slots.length > 0) return objectsOf(slots)
  if (parts.length > 0) return parts.flatMap((part) => valuesOf(part, hints, walk))
  if (schema.value['items'] === undefined) return null
  const items = valuesOf(
    childOf(schema, 'items'),
    hints.flatMap((hint) => (Array.isArray(hint) ? hint.slice(0, maxVariants) : [])),
    walk,
  )
  return items.map(({ value, isDerived }) => ({ value: [value], isDerived }))
}

function listOf(schema: MembersNode, key: string): readonly Node[] {
  const list = schema.value[key]
  if (!Array.isArray(list)) return []
  return list.map((value: unknown, index) => ({ value, pointer: `${schema.pointer}/${key}/${index}` }))
}

/** Properties of one part of an `allOf`, its own parts included. */
function partSlots(part: Node, hints: readonly unknown[], walk: Walk): readonly Slot[] {
  const resolved = walk.api.resolve(part)
  if (resolved.kind === 'unusable' || !isMembers(resolved.value)) return []
  const schema = { value: resolved.value, pointer: resolved.pointer }
  if (reasonToStop(schema, walk) !== null) return []
  walk.budget.left -= 1
  const inner = { ...walk, around: new Set([...walk.around, schema.value]) }
  const own = schema.value['properties'] === undefined ? [] : propertySlots(schema, hints, inner)
  return [...own, ...listOf(schema, 'allOf').flatMap((one) => partSlots(one, hints, inner))]
}

function propertySlots(schema: MembersNode, hints: readonly unknown[], walk: Walk): readonly Slot[] {
  const properties = walk.api.membersOf(childOf(schema, 'properties'), 'an object of schemas')
  const required = schema.value['required']
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name)
  return Object.keys(properties.value).flatMap((name) => {
    const property = childOf(properties, name)
    if (isMembers(property.value) && property.value['readOnly'] === true) return []
    const shownHere = hints.flatMap((hint) => (isMembers(hint) && Object.hasOwn(hint, name) ? [hint[name]] : []))
    return [{ name, isRequired: isRequired(name), variants: valuesOf(property, shownHere, walk) }]
  })
}

function objectsOf(slots: readonly Slot[]): readonly Variant[] {
  return rowsOf(slots, maxVariants).map(({ values, isDerived }) => ({ value: Object.fromEntries(values), isDerived }))
}

function derivedOf(schema: MembersNode, walk: Walk): readonly Variant[] {
  const values = plainValues(schema.value, typeOf(schema.value))
  if (values !== null) return values.map((value) => ({ value, isDerived: true }))
  walk.report(schema.pointer, 'a schema shows no example, and none can be made up from its type; the value is left out')
  return []
}

/** In OpenAPI 3.1 a type may be a list: the first that is not null. */
function typeOf({ type }: Members): string | undefined {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  const first = types.find((one) => one !== 'null') ?? types[0]
  return typeof first === 'string' ? first : undefined
}
