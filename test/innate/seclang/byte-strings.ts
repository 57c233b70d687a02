import fc from 'fast-check'

/** Byte strings of pieces that mean something to a decoder, with any byte in between. */
export function byteStrings(pieces: readonly string[], maxLength = 12): fc.Arbitrary<string> {
  const anyByte = fc.nat(255).map((code) => String.fromCharCode(code))
  const piece = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: anyByte })
  return fc.array(piece, { maxLength }).map((parts) => parts.join(''))
}
