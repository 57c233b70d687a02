import { basename } from 'node:path'
import type { TrafficPlace } from './traffic-record.ts'

export type SkippedTraffic = {
  readonly count: number
  /** Per reason: how many, and where the first one stands. */
  readonly reasons: readonly { readonly reason: string; readonly count: number; readonly first: string }[]
}

/** A document has pointers (RFC 6901) where other files have lines. */
type SkipPlace = TrafficPlace & { readonly pointer?: string }

/** Counts what was passed over, so that no record disappears without a word. */
export function createSkipCount(): {
  readonly onSkip: (place: SkipPlace, reason: string) => void
  readonly skipped: () => SkippedTraffic
} {
  const reasons = new Map<string, { reason: string; count: number; first: string }>()
  let count = 0
  return {
    onSkip: (place, reason) => {
      count += 1
      const entry = reasons.get(reason) ?? {
        reason,
        count: 0,
        first: `${basename(place.file)} ${place.pointer === undefined ? `line ${place.line}` : `at ${place.pointer}`}`,
      }
      entry.count += 1
      reasons.set(reason, entry)
    },
    skipped: () => ({ count, reasons: [...reasons.values()] }),
  }
}
