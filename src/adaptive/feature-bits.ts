/** A bit set as text of base64, for a snapshot. */
export const encodeBits = (bits: Uint32Array): string => Buffer.from(bits.buffer).toString('base64')

/** Takes in what `encodeBits` gave; what is too long for the set is left out. */
export function decodeBits(text: string, into: Uint32Array): void {
  const bytes = Buffer.from(text, 'base64')
  new Uint8Array(into.buffer).set(bytes.subarray(0, into.byteLength))
}

/** How many bits of a word are set. */
export function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
