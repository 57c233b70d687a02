import { basename } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { messageOf, ThymusError } from '../../core/errors.ts'
import { isMembers } from '../json-log-line.ts'
import { shown } from '../traffic-error.ts'

export type Members = Readonly<Record<string, unknown>>

/** A part of the document and where it stands, as a JSON pointer (RFC 6901). */
export type Node = { readonly value: unknown; readonly pointer: string }
export type MembersNode = { readonly value: Members; readonly pointer: string }

/** What a reference leads to; one that leads nowhere useful says why, for the report. */
export type Resolved = ({ readonly kind: 'node' } & Node) | { readonly kind: 'unusable'; readonly reason: string }

/** An OpenAPI document with its references. */
export type ApiDocument = {
  readonly root: MembersNode
  /** Follows `$ref` until something else stands there. Throws THY_TRAFFIC when it names what the document has not. */
  readonly resolve: (node: Node) => Resolved
  readonly fault: (pointer: string, got: unknown, expected: string) => ThymusError
  /** The members of an object, or THY_TRAFFIC. */
  readonly membersOf: (node: Node, expected: string) => MembersNode
}

const maxReferences = 32

/** Parses JSON or YAML. Throws THY_TRAFFIC where it is neither, or no OpenAPI 3.0 or 3.1. */
export function parseDocument(text: string, file: string): ApiDocument {
  const fault = (pointer: string, got: unknown, expected: string): ThymusError =>
    new ThymusError('THY_TRAFFIC', `${basename(file)} at ${pointer}: it is ${shown(got)}, expected ${expected}`)
  const membersOf = ({ value, pointer }: Node, expected: string): MembersNode => {
    if (isMembers(value)) return { value, pointer }
    throw fault(pointer, value, expected)
  }
  const root = membersOf({ value: contentOf(text, file), pointer: '#' }, 'an OpenAPI document')
  const version = root.value['openapi']
  if (typeof version !== 'string' || !/^3\.[01](?:\.|$)/.test(version)) {
    throw fault('#/openapi', version ?? root.value['swagger'], 'the version "3.0.x" or "3.1.x"')
  }
  return { root, fault, membersOf, resolve: (node) => follow(node, root, fault) }
}

/** Plain JSON content; what YAML can say beyond it (aliases of themselves, numbers that are none) leaves here. */
function contentOf(text: string, file: string): unknown {
  try {
    const content: unknown = /^\s*\{/.test(text) ? parseEither(text) : parseYaml(text, { logLevel: 'error' })
    return JSON.parse(JSON.stringify(content ?? null))
  } catch (error) {
    const why = messageOf(error).split('\n')[0] ?? ''
    throw new ThymusError('THY_TRAFFIC', `${basename(file)} is neither JSON nor YAML: ${why}`, { cause: error })
  }
}

function parseEither(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return parseYaml(text, { logLevel: 'error' }) // a YAML document in braces
  }
}

function follow(start: Node, root: Node, fault: ApiDocument['fault']): Resolved {
  let node = start
  const seen = new Set<string>()
  while (isMembers(node.value) && typeof node.value['$ref'] === 'string') {
    const reference = node.value['$ref']
    if (!reference.startsWith('#')) {
      return { kind: 'unusable', reason: 'a reference leads out of the document, which is not followed' }
    }
    if (seen.has(reference) || seen.size >= maxReferences) {
      return { kind: 'unusable', reason: 'a chain of references leads back to itself' }
    }
    seen.add(reference)
    const target = pointedAt(root.value, reference)
    if (target === undefined) throw fault(`${node.pointer}/$ref`, reference, 'a pointer to a part of this document')
    node = { value: target, pointer: reference }
  }
  return { kind: 'node', ...node }
}

function pointedAt(root: unknown, reference: string): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let value: unknown = root
  for (const part of reference.slice(2).split('/')) {
    const key = unescapeKey(part)
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Members)[key]
  }
  return value
}

function unescapeKey(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}

export function childOf(
  { value, pointer }: { value: Members | readonly unknown[]; pointer: string },
  key: string,
): Node {
  const step = key.replaceAll('~', '~0').replaceAll('/', '~1')
  const child = Object.hasOwn(value, key) ? (value as Members)[key] : undefined
  return { value: child, pointer: `${pointer}/${step}` }
}

/** Whether a text begins like an OpenAPI (or Swagger) document. */
export function looksLikeOpenApi(head: string): boolean {
  return (
    /^\s*\{\s*"(?:openapi|swagger)"\s*:\s*"\d/.test(head) ||
    /^[ \t]{0,8}"(?:openapi|swagger)"\s*:\s*"\d/m.test(head) ||
    /^(?:openapi|swagger|"openapi"|'openapi')[ \t]*:[ \t]/m.test(head)
  )
}
