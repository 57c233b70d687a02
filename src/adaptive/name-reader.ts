import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import type { Names } from './route-shape.ts'

/** Distinct names of one request that count. */
const maxNames = 1_024

/** Fields whose names the API chooses: headers and cookies come and go with browsers and proxies. */
export function isStructure(field: Field): boolean {
  if ((field.flags & (fieldFlags.derived | fieldFlags.fromName)) !== 0) return false
  switch (field.location) {
    case 'query':
    case 'form':
    case 'json':
    case 'xml':
    case 'multipart':
      return !field.name.includes('~')
    default:
      return false
  }
}

/** Reads which names a request shows; the result is reused for the next request. */
export function createNameReader(): (request: CanonicalRequest) => Names {
  const names: Names = { slots: new Int32Array(maxNames), count: 0, set: 0, order: 0, hasUnknown: false }
  let stamps = new Uint32Array(1_024)
  let round = 0
  return (request) => {
    round += 1
    names.count = 0
    names.set = 0
    names.order = 0
    names.hasUnknown = false
    for (const field of request.fields) {
      const { slot } = field
      if (!isStructure(field)) continue
      if (slot === -1) names.hasUnknown = true
      if (slot === -1 || names.count === maxNames) continue
      if (slot >= stamps.length) stamps = grown(stamps, slot)
      if (stamps[slot] === round) continue
      stamps[slot] = round
      names.slots[names.count] = slot
      names.count += 1
      const spread = Math.imul(slot + 1, 0x9e3779b1)
      names.set = (names.set + (spread ^ (spread >>> 15))) | 0
      names.order = (Math.imul(names.order, 31) + spread) >>> 1
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
