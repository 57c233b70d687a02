/**
 * How many different things were seen: exact up to 16, then a linear counter over 2,048 bits (Whang et al. 1990;
 * within 3 % up to about 2,000, saturates at about 15,000). 256 bytes at most, whatever a client sends.
 *
 *   few things:   few  [h1, h2, ... h16]      many things:  bits |0110...|  ones = set bits
 */
export type Distinct = { few: number[]; bits: Uint32Array | null; ones: number }

const fewMax = 16
const bitCount = 2_048

export function createDistinct(): Distinct {
  return { few: [], bits: null, ones: 0 }
}

/** Whether a thing was probably seen; wrong yeses only past 16 things. */
export function hasDistinct(distinct: Distinct, hash: number): boolean {
  const { bits } = distinct
  if (bits === null) return distinct.few.includes(hash)
  const at = bitOf(hash)
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1
}

/** Takes a thing in; true when it was not there before. */
export function addDistinct(distinct: Distinct, hash: number): boolean {
  if (distinct.bits !== null) return setBit(distinct, distinct.bits, hash)
  if (distinct.few.includes(hash)) return false
  if (distinct.few.length < fewMax) {
    distinct.few.push(hash)
    return true
  }
  const bits = new Uint32Array(bitCount >>> 5)
  distinct.bits = bits
  for (const earlier of distinct.few) setBit(distinct, bits, earlier)
  distinct.few.length = 0
  return setBit(distinct, bits, hash)
}

export function countDistinct(distinct: Distinct): number {
  if (distinct.bits === null) return distinct.few.length
  const zeros = Math.max(1, bitCount - distinct.ones)
  return bitCount * Math.log(bitCount / zeros)
}

function setBit(distinct: Distinct, bits: Uint32Array, hash: number): boolean {
  const at = bitOf(hash)
  const word = bits[at >>> 5] ?? 0
  const mask = 1 << (at & 31)
  if ((word & mask) !== 0) return false
  bits[at >>> 5] = word | mask
  distinct.ones += 1
  return true
}

/** The murmur3 finaliser, so that neighbouring ids do not share bits. */
function bitOf(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) % bitCount
}
