import { decodeEntities } from './decode/entities.ts'
import { decodeEscapes } from './decode/escapes.ts'
import { decodePercent } from './decode/percent.ts'
import { fieldFlags } from './field.ts'

/** What a value may need, one bit per character class, collected in one pass before anything is decoded. */
export const textBits = {
  percent: 1,
  ampersand: 2,
  backslash: 4,
  control: 8,
  nul: 16,
  nonAscii: 32,
  /** A character that base64 (either alphabet) does not have. */
  notBase64: 64,
  upper: 128,
  digit: 256,
} as const

const bitsOf = new Uint16Array(256)
for (let code = 0; code < 256; code += 1) {
  const character = String.fromCharCode(code)
  let bits = /[A-Za-z0-9+/=_-]/.test(character) ? 0 : textBits.notBase64
  if (code === 0x25) bits |= textBits.percent
  if (code === 0x26) bits |= textBits.ampersand
  if (code === 0x5c) bits |= textBits.backslash
  if (code === 0) bits |= textBits.nul
  if ((code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) bits |= textBits.control
  if (code >= 0x80) bits |= textBits.nonAscii
  if (code >= 0x41 && code <= 0x5a) bits |= textBits.upper
  if (code >= 0x30 && code <= 0x39) bits |= textBits.digit
  bitsOf[code] = bits
}

/** All bits of `textBits` that occur in a text. One pass, no allocation. */
export function scanText(text: string): number {
  let bits = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    bits |= code < 256 ? (bitsOf[code] ?? 0) : textBits.nonAscii | textBits.notBase64
  }
  return bits
}

const needsDecoding = textBits.percent | textBits.ampersand | textBits.backslash

/** A value in canonical form. Applying the function to `value` again changes nothing unless `tooDeep` is flagged. */
export type CanonicalText = {
  readonly value: string
  /** Rounds that changed something. */
  readonly decodeDepth: number
  /** Bits of `fieldFlags`. */
  readonly flags: number
  /** Bits of `textBits` of the result. */
  readonly bits: number
}

/** Whether a text with these bits is its own canonical form; then `canonicalText` need not be called. */
export function isCanonicalAlready(bits: number): boolean {
  return (bits & (needsDecoding | textBits.control | textBits.nul)) === 0
}

/**
 * Decodes percent, `%u`, HTML and backslash escapes, round by round, until nothing changes or `maxDepth` rounds have.
 * Every decoding shortens the text, so that the rounds end. Total: any text gives a result.
 */
export function canonicalText(raw: string, maxDepth: number): CanonicalText {
  let value = raw
  let flags = 0
  let depth = 0
  let bits = scanText(value)
  while ((bits & needsDecoding) !== 0) {
    const next = decodeRound(value, bits)
    if (next === null) break
    if (depth === maxDepth) {
      flags |= fieldFlags.tooDeep
      break
    }
    value = next.text
    flags |= next.flags
    depth += 1
    bits = scanText(value)
  }
  if ((bits & textBits.nul) !== 0) flags |= fieldFlags.nul
  if ((bits & textBits.control) !== 0) flags |= fieldFlags.control
  return { value, decodeDepth: depth, flags, bits }
}

function decodeRound(text: string, bits: number): { text: string; flags: number } | null {
  let current = text
  let flags = 0
  if ((bits & textBits.percent) !== 0) {
    const decoded = decodePercent(current)
    if (decoded !== null) {
      current = decoded.text
      flags |= decoded.flags
    }
  }
  if (current.includes('&')) current = decodeEntities(current)?.text ?? current
  if (current.includes('\\')) current = decodeEscapes(current)?.text ?? current
  return current === text ? null : { text: current, flags }
}
