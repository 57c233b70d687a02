import type { FieldLocation } from '../core/finding.ts'
import type { FieldNode } from './catalog.ts'
import { fieldFlags } from './field.ts'
import type { FieldCollector } from './field-collector.ts'
import { isPlainName } from './field-name.ts'
import { isScalar, isScalarCode } from './json-scalar.ts'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Longest run of text that can be a JSON number or literal and still be kept as one value. */
const maxScalar = 512

let objectSerial = 0

/**
 * Reads JSON (RFC 8259) in one pass and hands every leaf to the collector; no object is built. The walk follows the
 * tree of known names, so that a known leaf costs one lookup and no string for its name.
 *
 *   {"items":[{"sku":"a-1"}]}   ->   /items/[]/sku = a-1
 *
 * Returns false when the text is not JSON; leaves read until then stay.
 */
export function collectJson(
  collector: FieldCollector,
  source: { readonly text: string; readonly location: FieldLocation; readonly prefix: string },
  root: FieldNode | undefined,
): boolean {
  const reader = new JsonReader(collector, source)
  return reader.readDocument(root)
}

/** The object that is being read. */
type OpenObject = {
  readonly node: FieldNode | undefined
  readonly path: string
  readonly serial: number
  /** The known member that was read last. */
  last: FieldNode | null
  unknownNames: Set<string> | undefined
}

class JsonReader {
  readonly #collector: FieldCollector
  readonly #text: string
  readonly #location: FieldLocation
  readonly #prefix: string
  #position = 0
  #depth = 0

  constructor(
    collector: FieldCollector,
    source: { readonly text: string; readonly location: FieldLocation; readonly prefix: string },
  ) {
    this.#collector = collector
    this.#text = source.text
    this.#location = source.location
    this.#prefix = source.prefix
  }

  readDocument(root: FieldNode | undefined): boolean {
    this.#skipBlank()
    if (!this.#readValue(root, this.#prefix)) return false
    this.#skipBlank()
    return this.#position === this.#text.length
  }

  #readValue(node: FieldNode | undefined, path: string): boolean {
    const code = this.#text.charCodeAt(this.#position)
    if (code === quote) return this.#readTextLeaf(node, path)
    if (code !== openBrace && code !== openBracket) return this.#readScalar(node, path)
    if (this.#depth === this.#collector.limits.maxDepth) {
      this.#collector.odd('too-deep', `nesting deeper than ${this.#collector.limits.maxDepth}`)
      return false
    }
    this.#depth += 1
    this.#position += 1
    const isWhole = code === openBrace ? this.#readObject(node, path) : this.#readArray(node, path)
    this.#depth -= 1
    return isWhole
  }

  #readObject(node: FieldNode | undefined, path: string): boolean {
    this.#skipBlank()
    if (this.#take(closeBrace)) return true
    objectSerial += 1
    const object = { node, path, serial: objectSerial, last: null, unknownNames: undefined }
    while (this.#text.charCodeAt(this.#position) === quote) {
      if (!this.#readMember(object)) return false
      this.#skipBlank()
      if (this.#take(closeBrace)) return true
      if (!this.#take(comma)) return false
      this.#skipBlank()
    }
    return false
  }

  #readMember(object: OpenObject): boolean {
    const expected = object.last === null ? object.node?.first : object.last.after
    if (expected !== null && expected !== undefined && this.#takeKey(expected.key)) {
      if (!this.#takeColon()) return false
      return this.#readKnown(object, expected, expected.key)
    }
    const name = this.#readText()
    if (name === null || !this.#takeColon()) return false
    const child = object.node === undefined ? undefined : this.#collector.child(object.node, name)
    if (child === undefined) {
      this.#noteUnknown(object, name)
      return this.#readValue(undefined, `${object.path}/${this.#shorten(name)}`)
    }
    if (name.includes('\\')) return this.#readKnown(object, child, name)
    if (object.last !== null) object.last.after = child
    else if (object.node !== undefined) object.node.first = child
    return this.#readKnown(object, child, name)
  }

  #readKnown(object: OpenObject, child: FieldNode, name: string): boolean {
    if (child.stamp === object.serial && child.key === name) this.#reportDuplicate(name)
    child.stamp = object.serial
    object.last = child
    return this.#readValue(child, child.name)
  }

  /** Steps over `"key"` when it stands here; members mostly come in the order in which they came before. */
  #takeKey(key: string): boolean {
    const text = this.#text
    const start = this.#position + 1
    for (let index = 0; index < key.length; index += 1) {
      if (text.charCodeAt(start + index) !== key.charCodeAt(index)) return false
    }
    if (text.charCodeAt(start + key.length) !== quote) return false
    this.#position = start + key.length + 1
    return true
  }

  #takeColon(): boolean {
    this.#skipBlank()
    if (!this.#take(colon)) return false
    this.#skipBlank()
    return true
  }

  #noteUnknown(object: OpenObject, name: string): void {
    object.unknownNames ??= new Set()
    if (object.unknownNames.has(name)) this.#reportDuplicate(name)
    object.unknownNames.add(name)
    if (!isPlainName(name)) this.#addOddName(name)
  }

  #readArray(node: FieldNode | undefined, path: string): boolean {
    this.#skipBlank()
    if (this.#take(closeBracket)) return true
    const item = node?.children.get('[]')
    const itemPath = item === undefined ? `${path}/[]` : item.name
    while (this.#position < this.#text.length) {
      if (!this.#readValue(item, itemPath)) return false
      this.#skipBlank()
      if (this.#take(closeBracket)) return true
      if (!this.#take(comma)) return false
      this.#skipBlank()
    }
    return false
  }

  #readTextLeaf(node: FieldNode | undefined, path: string): boolean {
    const value = this.#readText()
    if (value === null) return false
    const collector = this.#collector
    if (node !== undefined && node.slot !== -1) {
      collector.push(this.#location, node.name, value, node.slot, node.sharedSlot)
      return true
    }
    const name = templatePointer(path, collector.limits.maxNameLength)
    collector.push(this.#location, name, value, this.#slotOf(name), collector.sharedSlot(this.#location, name))
    return true
  }

  #readScalar(node: FieldNode | undefined, path: string): boolean {
    const start = this.#position
    const limit = Math.min(this.#text.length, start + maxScalar)
    let position = start
    while (position < limit && isScalarCode(this.#text.charCodeAt(position))) position += 1
    const value = this.#text.slice(start, position)
    if (!isScalar(value)) return false
    this.#position = position
    const collector = this.#collector
    if (node !== undefined && node.slot !== -1) {
      collector.pushPlain(this.#location, node.name, value, node.slot, node.sharedSlot)
      return true
    }
    const name = templatePointer(path, collector.limits.maxNameLength)
    collector.pushPlain(this.#location, name, value, this.#slotOf(name), collector.sharedSlot(this.#location, name))
    return true
  }

  /** Text of the string that starts here, unescaped; null when it does not end or has a bad escape. */
  #readText(): string | null {
    const text = this.#text
    const start = this.#position + 1
    let position = start
    let hasEscape = false
    for (; position < text.length; position += 1) {
      const code = text.charCodeAt(position)
      if (code === quote) break
      if (code < 0x20) return null
      if (code === backslash) {
        hasEscape = true
        position += 1
      }
    }
    if (position >= text.length) return null
    this.#position = position + 1
    return hasEscape ? unescaped(text.slice(start - 1, position + 1)) : text.slice(start, position)
  }

  /** JSON inside a string is found by its whole name, since the walk did not start at the root of its route. */
  #slotOf(name: string): number {
    return this.#prefix === '' ? -1 : this.#collector.slotOf(this.#location, name)
  }

  #addOddName(name: string): void {
    const shared = this.#collector.sharedSlot(this.#location, '{name}')
    this.#collector.push(this.#location, '{name}', name, -1, shared, fieldFlags.fromName)
  }

  #reportDuplicate(name: string): void {
    this.#collector.odd(
      'duplicate-json-key',
      `the property "${this.#shorten(name).slice(0, 40)}" stands twice in one object`,
    )
  }

  #shorten(name: string): string {
    const { maxNameLength } = this.#collector.limits
    if (name.length <= maxNameLength) return name
    this.#collector.odd('name-too-long', `a property name of ${name.length} characters`)
    return name.slice(0, maxNameLength)
  }

  #skipBlank(): void {
    let code = this.#text.charCodeAt(this.#position)
    if (code > 0x20) return
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.#position += 1
      code = this.#text.charCodeAt(this.#position)
    }
  }

  #take(code: number): boolean {
    if (this.#text.charCodeAt(this.#position) !== code) return false
    this.#position += 1
    return true
  }
}

function unescaped(literal: string): string | null {
  try {
    const text: unknown = JSON.parse(literal)
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

/** A JSON pointer whose digits stand for any digits, capped in length. */
function templatePointer(path: string, maxLength: number): string {
  const pointer = path.length > maxLength * 2 ? path.slice(0, maxLength * 2) : path
  return pointer.replace(/\d+/g, '#')
}
