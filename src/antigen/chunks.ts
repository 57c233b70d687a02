/**
 * Room antigen: what layers read of a value: character classes, chunks, types.
 * It must not judge, and it keeps nothing.
 */
import {
  classCount,
  classNames,
  classOf,
  endClass,
  isCollapsed,
  nonAsciiClass,
  startClass,
} from './character-classes.ts'

/**
 * A chunk is three neighbouring character classes, runs of letters, digits, blanks and non-ASCII characters collapsed,
 * with marks at start and end: r-chunks with r = 3 over a coarse alphabet (Forrest et al. 1994).
 *
 *   `it's 5`  ->  start letter quote letter blank digit end  ->  5 chunks
 */
export const chunkCount: number = classCount ** 3

const square = classCount * classCount

/** Writes the chunks of a value, repeated ones included; returns how many. `into` must hold `value.length + 1`. */
export function readChunks(value: string, into: Uint16Array): number {
  let count = 0
  let before = startClass
  let previous = startClass
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    const current = code < 256 ? (classOf[code] as number) : nonAsciiClass
    if (current === previous && isCollapsed[current] === 1) continue
    if (index > 0) {
      into[count] = before * square + previous * classCount + current
      count += 1
    }
    before = previous
    previous = current
  }
  into[count] = before * square + previous * classCount + endClass
  return count + 1
}

/**
 * Whether all chunks of a value are in a bit set. The same walk as `readChunks`, which stops at the first stranger and
 * writes nothing: most values of a known field end here.
 */
export function hasOnlyChunks(value: string, set: Uint32Array): boolean {
  let before = startClass
  let previous = startClass
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    const current = code < 256 ? (classOf[code] as number) : nonAsciiClass
    if (current === previous && isCollapsed[current] === 1) continue
    if (index > 0) {
      const chunk = before * square + previous * classCount + current
      if ((((set[chunk >>> 5] as number) >>> (chunk & 31)) & 1) === 0) return false
    }
    before = previous
    previous = current
  }
  const last = before * square + previous * classCount + endClass
  return (((set[last >>> 5] as number) >>> (last & 31)) & 1) === 1
}

/** Chunks of one value in an array of their own. */
export function chunksOf(value: string): Uint16Array {
  const chunks = new Uint16Array(value.length + 1)
  return chunks.subarray(0, readChunks(value, chunks))
}

/** Plain description of a chunk: `letter-quote-blank`. */
export function describeChunk(chunk: number): string {
  const first = Math.floor(chunk / square)
  const second = Math.floor(chunk / classCount) % classCount
  return [first, second, chunk % classCount].map((index) => classNames[index] ?? '?').join('-')
}
