import type { FieldLocation } from '../core/finding.ts'
import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'

/** The object that a request asks for, written into a value that is used again for the next request. */
export type ObjectId = {
  hash: number
  /** Sum of the numeric parts; NaN when none is a whole number, so that order cannot be judged. */
  order: number
  location: FieldLocation
  name: string
}

export function createObjectId(): ObjectId {
  return { hash: 0, order: Number.NaN, location: 'path', name: '' }
}

const slash = 47
const brace = 123
const fnvPrime = 0x01000193

/** Reads the object of a request; false when it names none. Path placeholders first, then the first field named like an id. */
export function readObjectId(request: CanonicalRequest, into: ObjectId): boolean {
  return readPath(request.route.template, request.path, into) || readFields(request, into)
}

/** Walks template and path side by side; what stands behind a placeholder is the id. No text is copied. */
function readPath(template: string, path: string, into: ObjectId): boolean {
  if (template.indexOf('{') === -1) return false
  let hash = 0x811c9dc5
  let order = Number.NaN
  let isFound = false
  let at = 0
  let pathAt = 0
  while (at < template.length && pathAt < path.length) {
    const end = segmentEnd(template, at + 1)
    const pathEnd = segmentEnd(path, pathAt + 1)
    if (template.charCodeAt(at + 1) === brace && !template.startsWith('{date', at + 1)) {
      isFound = true
      for (let index = pathAt; index < pathEnd; index += 1) hash = Math.imul(hash ^ path.charCodeAt(index), fnvPrime)
      const number = wholeNumber(path, pathAt + 1, pathEnd)
      if (number >= 0) order = Number.isNaN(order) ? number : order + number
    }
    at = end
    pathAt = pathEnd
  }
  if (!isFound) return false
  into.hash = hash >>> 0
  into.order = order
  into.location = 'path'
  into.name = 'id'
  return true
}

/** Query, form and top-level JSON values whose name ends in `id`; `page=1, 2, 3` is no walk. */
function readFields(request: CanonicalRequest, into: ObjectId): boolean {
  for (const field of request.fields) {
    const { location, name } = field
    if (!isIdName(name) || !isGiven(location, name)) continue
    into.hash = hashText(field.value)
    const number = wholeNumber(field.value, 0, field.value.length)
    into.order = number >= 0 ? number : Number.NaN
    into.location = location
    into.name = name
    return true
  }
  return false
}

/** Named by the client as a parameter, and not one of many in a list. */
function isGiven(location: FieldLocation, name: string): boolean {
  return location === 'query' || location === 'form' || (location === 'json' && name.lastIndexOf('/') <= 0)
}

/** `id`, `orderId`, `order_id`, `uuid`, but not `valid` or `paid`. */
function isIdName(name: string): boolean {
  const { length } = name
  if (length < 2 || (name.charCodeAt(length - 1) | 32) !== 100 || (name.charCodeAt(length - 2) | 32) !== 105)
    return false
  if (length === 2) return true
  const before = name.charCodeAt(length - 3)
  const isSeparator = before === 95 || before === 45 || before === 46 || before === slash
  return isSeparator || name.charCodeAt(length - 2) === 73 || name.endsWith('uid')
}

function segmentEnd(text: string, from: number): number {
  const end = text.indexOf('/', from)
  return end === -1 ? text.length : end
}

/** Value of a run of 1 to 15 digits; -1 for anything else. */
function wholeNumber(text: string, from: number, end: number): number {
  if (end <= from || end - from > 15) return -1
  let value = 0
  for (let index = from; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
