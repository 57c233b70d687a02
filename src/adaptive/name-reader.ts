import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import type { Names } from './route-shape.ts'

/** Distinct names of one request that count. */
const maxNames = 1_024

const derivedOrName = fieldFlags.derived | fieldFlags.fromName

/** Fields whose names the API chooses: headers and cookies come and go with browsers and proxies. */
export function isStructure({ flags, location, name }: Field): boolean {
  if ((flags & derivedOrName) !== 0) return false
  switch (location) {
    case 'query':
    case 'form':
    case 'json':
    case 'xml':
    case 'multipart':
      return !name.includes('~')
    default:
      return false
  }
}

/** Reads which names a request shows; the result is reused for the next request. */
export function createNameReader(): (request: CanonicalRequest) => Names {
  const names: Names = { slots: new Int32Array(maxNames), count: 0, set: 0, order: 0, hasUnknown: false }
  /** By slot: the round in which its name was counted last. */
  let stamps = new Uint32Array(1_024)
  let round = 0
  const add = (slot: number): void => {
    if (slot >= stamps.length) stamps = grown(stamps, slot)
    stamps[slot] = round
    names.slots[names.count] = slot
    names.count += 1
    const spread = Math.imul(slot + 1, 0x9e3779b1)
    names.set = (names.set + (spread ^ (spread >>> 15))) | 0
    names.order = (Math.imul(names.order, 31) + spread) >>> 1
  }
  return ({ fields }) => {
    round = (round + 1) >>> 0
    if (round === 0) {
      stamps.fill(0)
      round = 1
    }
    names.count = 0
    names.set = 0
    names.order = 0
    names.hasUnknown = false
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as Field
      const { slot } = field
      // Each line of a list shows the same names: most fields end here.
      if (slot !== -1 && slot < stamps.length && stamps[slot] === round) continue
      if (!isStructure(field)) continue
      if (slot === -1) names.hasUnknown = true
      else if (names.count < maxNames) add(slot)
    }
    names.set >>>= 1
    return names
  }
}

function grown(stamps: Uint32Array<ArrayBuffer>, slot: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * (slot + 1))
  larger.set(stamps)
  return larger
}
