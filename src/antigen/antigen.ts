import type { CanonicalRequest } from '../request/canonical-request.ts'

/**
 * What the layers read of every value, computed in one pass and kept in flat arrays until the next request.
 *
 *   field i of the request:  chunks[chunkStart[i] .. chunkStart[i + 1])
 *
 * A chunk is three neighbouring character classes (see `character-classes.ts`), runs of letters, digits, blanks and
 * non-ASCII characters collapsed, with marks at start and end: r-chunks with r = 3 over a coarse alphabet
 * (Forrest et al. 1994).
 */
export type Antigen = {
  /** Chunk numbers of all fields, one after the other, duplicates included. */
  readonly chunks: Uint16Array
  /** One entry per field plus one. */
  readonly chunkStart: Uint32Array
  /** Bit per character class that occurs in the field's value. */
  readonly classMask: Int32Array
}

export type AntigenReader = {
  /** The returned arrays are valid until the next call. */
  readonly read: (request: CanonicalRequest) => Antigen
}
