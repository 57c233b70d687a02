/**
 * Room antigen: what all layers read of a value, computed once: chunks, character classes, types.
 * It must not judge, and it keeps nothing beyond the request at hand.
 */
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Antigen, AntigenReader } from './antigen.ts'
import { classCount, classOf, endClass, isCollapsed, nonAsciiClass } from './character-classes.ts'

const initialChunks = 8_192
const initialFields = 512

/** One reader serves one engine: its arrays are overwritten by every request and grow with the largest. */
export function createAntigenReader(): AntigenReader {
  let chunks = new Uint16Array(initialChunks)
  let chunkStart = new Uint32Array(initialFields + 1)
  let classMask = new Int32Array(initialFields)
  return {
    read: (request: CanonicalRequest): Antigen => {
      const { fields } = request
      if (fields.length >= classMask.length) {
        chunkStart = new Uint32Array(fields.length * 2 + 1)
        classMask = new Int32Array(fields.length * 2)
      }
      let used = 0
      for (let index = 0; index < fields.length; index += 1) {
        const value = fields[index]?.value ?? ''
        if (used + value.length + 1 > chunks.length) chunks = grow(chunks, used + value.length + 1)
        chunkStart[index] = used
        classMask[index] = readChunks(value, chunks, used)
        used = lastEnd
      }
      chunkStart[fields.length] = used
      return { chunks, chunkStart, classMask }
    },
  }
}

/** Where the last call of `readChunks` stopped writing: a second result without an object per value. */
let lastEnd = 0

/** Writes the chunks of a value from `start` on; returns the mask of its classes. At most `value.length + 1` chunks. */
export function readChunks(value: string, chunks: Uint16Array, start: number): number {
  let mask = 0
  let end = start
  let pair = 0
  let previous = 0
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    const current = code < 256 ? (classOf[code] ?? nonAsciiClass) : nonAsciiClass
    if (current === previous && isCollapsed[current] === 1) continue
    mask |= 1 << current
    if (index > 0) {
      chunks[end] = pair * classCount + current
      end += 1
    }
    pair = (pair % classCount) * classCount + current
    previous = current
  }
  chunks[end] = pair * classCount + endClass
  lastEnd = end + 1
  return mask
}

/** Chunks of one value in an array of their own. */
export function chunksOf(value: string): Uint16Array {
  const chunks = new Uint16Array(value.length + 1)
  readChunks(value, chunks, 0)
  return chunks.subarray(0, lastEnd)
}

function grow(chunks: Uint16Array<ArrayBuffer>, needed: number): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(Math.max(needed, chunks.length * 2))
  larger.set(chunks)
  return larger
}
