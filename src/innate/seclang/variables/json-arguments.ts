import { createJsonLexer, type JsonLexer } from './json-lexer.ts'
import type { Member } from './message-variables.ts'

export type JsonSpec = {
  readonly maxDepth: number
  readonly maxArguments: number
}

export type JsonReading = {
  readonly members: readonly Member[]
  /** Why the text is not JSON, or not within the limits; null when it is. Members read until then stay. */
  readonly error: string | null
  /** There are more leaves than may be read. */
  readonly isCutShort: boolean
}

/**
 * Characters of names for each byte of the body, and to begin with. A deep body repeats its path for every leaf; this
 * keeps the names together linear in the body.
 */
const namesPerByte = 32
const freeNameCharacters = 65_536

/**
 * Leaves of a JSON text under the names that libmodsecurity gives them:
 *
 *   {"a":{"b":1},"c":[true,{"d":null}]}   ->   json.a.b=1   json.c.array_0=true   json.c.array_1.d=''
 *
 * One pass, without recursion. A name that stands twice in an object gives two members.
 */
export function readJson(text: string, spec: JsonSpec): JsonReading {
  const reading: Reading = {
    lexer: createJsonLexer(text),
    members: [],
    open: [],
    spec,
    nameBudget: text.length * namesPerByte + freeNameCharacters,
    isCutShort: false,
  }
  const error = readDocument(reading)
  return { members: reading.members, error, isCutShort: reading.isCutShort }
}

type Reading = {
  readonly lexer: JsonLexer
  readonly members: Member[]
  readonly open: Container[]
  readonly spec: JsonSpec
  nameBudget: number
  isCutShort: boolean
}

/** `index` counts the members of an array; it is -1 for an object. */
type Container = { readonly prefix: string; index: number; isFresh: boolean }

function readDocument(reading: Reading): string | null {
  const { lexer, open } = reading
  lexer.skipBlank()
  let error = readValue(reading, 'json')
  while (error === null && open.length > 0) error = readNext(reading, open[open.length - 1] as Container)
  if (error !== null) return error
  lexer.skipBlank()
  return lexer.isAtEnd() ? null : 'trailing garbage'
}

/** Reads a leaf, or opens an object or an array. */
function readValue(reading: Reading, name: string): string | null {
  const { lexer, open } = reading
  if (lexer.take('{')) return openContainer(reading, { prefix: `${name}.`, index: -1, isFresh: true })
  if (lexer.take('[')) return openContainer(reading, { prefix: `${name}.array_`, index: 0, isFresh: true })
  const value = lexer.readLeaf()
  if (value === null) return lexer.error()
  if (reading.members.length >= reading.spec.maxArguments) {
    reading.isCutShort = true
    return `more than ${reading.spec.maxArguments} arguments`
  }
  // A root that is no container keeps its name; libmodsecurity says `json` too.
  reading.nameBudget -= name.length
  if (reading.nameBudget < 0) return 'names of the leaves are too long'
  reading.members.push({ key: name, value })
  if (open.length > 0) lexer.skipBlank()
  return null
}

function openContainer(reading: Reading, container: Container): string | null {
  const { open, spec, lexer } = reading
  if (open.length >= spec.maxDepth) return `nesting deeper than ${spec.maxDepth}. Parsing depth limit exceeded`
  open.push(container)
  lexer.skipBlank()
  return null
}

/** The next member of the innermost container, or its end. */
function readNext(reading: Reading, container: Container): string | null {
  const { lexer } = reading
  if (lexer.take(container.index === -1 ? '}' : ']')) {
    reading.open.pop()
    lexer.skipBlank()
    return null
  }
  if (container.isFresh) {
    container.isFresh = false
    return readMember(reading, container)
  }
  if (!lexer.take(',')) return lexer.error()
  lexer.skipBlank()
  return readMember(reading, container)
}

function readMember(reading: Reading, container: Container): string | null {
  if (container.index !== -1) {
    container.index += 1
    return readValue(reading, container.prefix + (container.index - 1))
  }
  const { lexer } = reading
  const key = lexer.readText()
  if (key === null) return lexer.error()
  lexer.skipBlank()
  if (!lexer.take(':')) return lexer.error()
  lexer.skipBlank()
  return readValue(reading, container.prefix + (key === '' ? 'empty-key' : key))
}
