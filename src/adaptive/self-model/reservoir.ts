import type { Random } from '../../core/random.ts'

/** A fair sample of what was seen of late, as feature vectors: no value of a customer is in it. */
export type Reservoir = {
  /** `null` as source stands for one whose word is enough: it is not capped. */
  readonly add: (features: Float32Array, source: number | null) => boolean
  readonly size: () => number
  /** Vectors offered so far. */
  readonly seen: () => number
  /** Vectors turned away because their source had given its share. */
  readonly refused: () => number
  /** All vectors one after the other, oldest first. */
  readonly rows: () => Float32Array
  readonly content: () => ReservoirContent
  readonly load: (content: ReservoirContent) => void
}

export type ReservoirContent = {
  readonly rows: Float32Array
  /** Who gave each row; a hash, `nobody` where it does not count. */
  readonly sources: number[]
  readonly seen: number
}

export type ReservoirOptions = {
  readonly capacity: number
  readonly width: number
  /** Most rows of one source. */
  readonly maxPerSource: number
  readonly random: Random
}

/** Stands for a source that is not counted; no 32-bit hash is it. */
export const nobody = -1
/** Traffic older than so many times the capacity fades: self moves on, and the sample with it. */
const memory = 8
const firstRows = 64

/** Reservoir sampling (Vitter 1985) with a horizon and a cap per source. */
export function createReservoir({ capacity, width, maxPerSource, random }: ReservoirOptions): Reservoir {
  let vectors = new Float32Array(Math.min(capacity, firstRows) * width)
  const sources: number[] = []
  /** When each row came, in vectors seen: time order without a clock. */
  const turns: number[] = []
  const given = new Map<number, number>()
  let seen = 0
  let refused = 0

  const count = (source: number, change: number): void => {
    if (source === nobody) return
    const now = (given.get(source) ?? 0) + change
    if (now === 0) given.delete(source)
    else given.set(source, now)
  }

  function place(features: Float32Array, source: number, row: number): void {
    if ((row + 1) * width > vectors.length) {
      const grown = new Float32Array(Math.min(capacity, Math.max(row + 1, 2 * (vectors.length / width))) * width)
      grown.set(vectors)
      vectors = grown
    }
    if (row < sources.length) count(sources[row] as number, -1)
    vectors.set(features.length === width ? features : features.subarray(0, width), row * width)
    sources[row] = source
    turns[row] = seen
    count(source, 1)
  }

  function add(features: Float32Array, source: number): boolean {
    seen += 1
    const isFull = sources.length >= capacity
    const drawn = Math.floor(random() * Math.min(seen, capacity * memory))
    if (source !== nobody && (given.get(source) ?? 0) >= maxPerSource) {
      // A source that gave its share may only renew what it gave.
      if (drawn < sources.length && sources[drawn] === source) {
        place(features, source, drawn)
        return true
      }
      refused += 1
      return false
    }
    if (isFull && drawn >= capacity) return false
    place(features, source, isFull ? drawn : sources.length)
    return true
  }

  const order = (): number[] => turns.map((_, row) => row).sort((a, b) => (turns[a] as number) - (turns[b] as number))

  function rows(): Float32Array {
    const sorted = new Float32Array(sources.length * width)
    for (const [position, row] of order().entries()) {
      sorted.set(vectors.subarray(row * width, (row + 1) * width), position * width)
    }
    return sorted
  }

  return {
    add: (features, source) => add(features, source ?? nobody),
    size: () => sources.length,
    seen: () => seen,
    refused: () => refused,
    rows,
    content: () => ({ rows: rows(), sources: order().map((row) => sources[row] as number), seen }),
    load: (content) => {
      sources.length = 0
      turns.length = 0
      given.clear()
      seen = 0
      const kept = Math.min(content.sources.length, capacity)
      const start = content.sources.length - kept
      for (let row = 0; row < kept; row += 1) {
        const from = (start + row) * width
        seen += 1
        place(content.rows.subarray(from, from + width), content.sources[start + row] as number, row)
      }
      seen = Math.max(seen, content.seen)
    },
  }
}
