// Telemetry: what happened, for people and machines: review cases, audit log, metrics, redaction.
// It must not decide anything, and must never show what a customer sent in full.
import type { Finding } from '../core/finding.ts'
import type { Mode } from '../core/verdict.ts'

/** One request that somebody may want to review, without customer data. */
export type ReviewCase = {
  readonly referenceId: string
  readonly atMs: number
  readonly clientId: string
  readonly service: string
  readonly method: string
  readonly route: string
  readonly mode: Mode
  /** What was done: `allow`, `slow` or `deny`. */
  readonly verdict: 'allow' | 'slow' | 'deny'
  /** What enforce mode would have done, where the mode only watched. */
  readonly would: 'slow' | 'deny' | null
  readonly status: number
  readonly score: number
  readonly findings: readonly Finding[]
  readonly review: 'open' | 'benign' | 'malicious'
  readonly reviewedBy: string | null
}

/** The most recent cases, newest first, bounded. */
export type CaseLog = {
  readonly add: (entry: ReviewCase) => void
  readonly get: (referenceId: string) => ReviewCase | undefined
  readonly list: (options: { readonly limit: number; readonly review?: ReviewCase['review'] }) => readonly ReviewCase[]
  readonly review: (referenceId: string, review: ReviewCase['review'], by: string) => ReviewCase | undefined
  readonly size: () => number
}

/**
 * Cases in a ring: the newest takes the place of the oldest. A case that comes again keeps its place.
 *
 *   ring [ c7 | c8 | c4 | c5 | c6 ]     capacity 5, next = 2: c4 is the oldest
 */
export function createCaseLog({ capacity }: { readonly capacity: number }): CaseLog {
  const ring: (ReviewCase | undefined)[] = new Array<ReviewCase | undefined>(capacity).fill(undefined)
  const places = new Map<string, number>()
  let next = 0

  const get = (referenceId: string): ReviewCase | undefined => {
    const place = places.get(referenceId)
    return place === undefined ? undefined : ring[place]
  }

  const put = (entry: ReviewCase): void => {
    const place = places.get(entry.referenceId) ?? next
    const leaving = ring[place]
    if (leaving !== undefined) places.delete(leaving.referenceId)
    ring[place] = entry
    places.set(entry.referenceId, place)
    if (place === next && leaving?.referenceId !== entry.referenceId) next = (next + 1) % capacity
  }

  return {
    add: put,
    get,
    list: ({ limit, review }) => {
      const found: ReviewCase[] = []
      for (let back = 1; back <= capacity && found.length < limit; back += 1) {
        const entry = ring[(next - back + capacity) % capacity]
        if (entry !== undefined && (review === undefined || entry.review === review)) found.push(entry)
      }
      return found
    },
    review: (referenceId, review, by) => {
      const entry = get(referenceId)
      if (entry === undefined) return undefined
      const reviewed: ReviewCase = { ...entry, review, reviewedBy: by }
      put(reviewed)
      return reviewed
    },
    size: () => places.size,
  }
}
