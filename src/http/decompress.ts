import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { type BodyEncoding, type BodyPlan, encodingOf } from './body-plan.ts'
import { malformed, type Rejection, tooLarge } from './rejection.ts'

/** Real JSON reaches 30:1; a bomb reaches 1000:1. */
const maxRatio = 100
/** Small bodies may be as repetitive as they like. */
const alwaysAllowedBytes = 16_384

/**
 * The bytes behind a Content-Encoding, at most `maxInspectedBytes` of them and at most 100 for each byte received.
 * A body that was cut gives what its beginning holds.
 */
export function decompress(bytes: Buffer, plan: BodyPlan, isCut: boolean): Buffer | Rejection {
  if (plan.encoding === 'identity') return bytes
  const maxOutputLength = Math.min(plan.maxInspectedBytes, Math.max(bytes.length * maxRatio, alwaysAllowedBytes))
  try {
    return inflate(bytes, plan.encoding, { maxOutputLength, isCut })
  } catch (thrown) {
    if (codeOf(thrown) === 'ERR_BUFFER_TOO_LARGE') return tooLarge('The request body is too large once decompressed.')
    return malformed('The request body cannot be decompressed.')
  }
}

/** What an answer reads like; `isCut` where it goes on beyond the largest size. */
export type PlainAnswer = { readonly bytes: Buffer; readonly isCut: boolean }

/**
 * What an answer of the upstream reads like, as far as it can be told: as it came where its encoding is not known or it
 * is damaged, its beginning where it grows beyond `maxBytes`.
 */
export function decompressAnswer(
  bytes: Buffer,
  { encoding, maxBytes }: { readonly encoding: string; readonly maxBytes: number },
): PlainAnswer {
  const known = encodingOf(encoding)
  if (known === null || known === 'identity' || bytes.length === 0) return { bytes, isCut: false }
  try {
    return { bytes: inflate(bytes, known, { maxOutputLength: maxBytes, isCut: true }), isCut: false }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ERR_BUFFER_TOO_LARGE') return { bytes, isCut: false }
    return { bytes: longestBeginning(bytes, known, maxBytes), isCut: true }
  }
}

/** How closely the longest beginning that fits is looked for: to a four thousandth of the compressed size. */
const maxHalvings = 12

/** The plain text of as much of the compressed bytes as stays within `maxBytes`; zlib gives all or nothing. */
function longestBeginning(bytes: Buffer, encoding: Exclude<BodyEncoding, 'identity'>, maxBytes: number): Buffer {
  let best: Buffer = Buffer.alloc(0)
  let fits = 0
  let tooMuch = bytes.length
  for (let round = 0; round < maxHalvings && tooMuch - fits > 1; round += 1) {
    const middle = (fits + tooMuch) >> 1
    try {
      best = inflate(bytes.subarray(0, middle), encoding, { maxOutputLength: maxBytes, isCut: true })
      fits = middle
    } catch {
      tooMuch = middle
    }
  }
  return best
}

type InflateOptions = { readonly maxOutputLength: number; readonly isCut: boolean }

function inflate(bytes: Buffer, encoding: Exclude<BodyEncoding, 'identity'>, options: InflateOptions): Buffer {
  const { maxOutputLength, isCut } = options
  if (encoding === 'br') {
    const finishFlush = isCut ? constants.BROTLI_OPERATION_FLUSH : constants.BROTLI_OPERATION_FINISH
    return brotliDecompressSync(bytes, { maxOutputLength, finishFlush })
  }
  const zlibOptions = { maxOutputLength, finishFlush: isCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH }
  if (encoding === 'gzip') return gunzipSync(bytes, zlibOptions)
  return isZlib(bytes) ? inflateSync(bytes, zlibOptions) : inflateRawSync(bytes, zlibOptions)
}

/** `deflate` means zlib (RFC 9110, 8.4.1.2), yet some clients send the bare stream. */
function isZlib(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0
  return (first & 0x0f) === 8 && (first * 256 + (bytes[1] ?? 0)) % 31 === 0
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
}
