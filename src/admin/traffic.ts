import { BoundedMap } from '../core/bounded-map.ts'
import type { Clock } from '../core/clock.ts'
import type { EventBus, Exchange } from '../core/events.ts'
import type { Layer } from '../core/finding.ts'

const bucketMs = 5_000
const buckets = 120
const maxReasons = 512

/** A source of findings and how often it took part in a refusal, done or only noted. */
export type ReasonCount = {
  readonly layer: Layer
  readonly source: string
  readonly reason: string
  readonly count: number
}

/**
 * What came by in the last ten minutes, in slices of five seconds, and since the start:
 *
 *   [oldest] ... [119 slices] ... [newest, still filling]
 */
export type Traffic = {
  readonly totals: () => { readonly requests: number; readonly refused: number; readonly wouldRefuse: number }
  /** Oldest first; the last slice is still filling. */
  readonly series: () => readonly TrafficSlice[]
  readonly topReasons: (limit: number) => readonly ReasonCount[]
  readonly close: () => void
}

export type TrafficSlice = {
  readonly atMs: number
  readonly requests: number
  readonly refused: number
  readonly wouldRefuse: number
}

export function createTraffic(events: EventBus, clock: Clock): Traffic {
  const requests = new Uint32Array(buckets)
  const refused = new Uint32Array(buckets)
  const wouldRefuse = new Uint32Array(buckets)
  const totals = { requests: 0, refused: 0, wouldRefuse: 0 }
  const reasons = new BoundedMap<string, ReasonCount>(maxReasons)
  let newest = Math.floor(clock.now() / bucketMs)

  /** Clears the slices between the last one used and now; returns the place of now. */
  function roll(): number {
    const current = Math.floor(clock.now() / bucketMs)
    const first = Math.max(newest + 1, current - buckets + 1)
    for (let slice = first; slice <= current; slice += 1) {
      const index = slice % buckets
      requests[index] = 0
      refused[index] = 0
      wouldRefuse[index] = 0
    }
    newest = Math.max(newest, current)
    return newest % buckets
  }

  function countReasons(exchange: Exchange): void {
    for (const finding of exchange.verdict.findings) {
      if (finding.shadow === true) continue
      const key = `${finding.layer}:${finding.source}`
      const count = (reasons.peek(key)?.count ?? 0) + 1
      reasons.set(key, { layer: finding.layer, source: finding.source, reason: finding.reason, count })
    }
  }

  function count({ verdict }: Exchange, index: number): void {
    requests[index] = (requests[index] ?? 0) + 1
    totals.requests += 1
    if (verdict.kind !== 'allow') {
      refused[index] = (refused[index] ?? 0) + 1
      totals.refused += 1
    } else if (verdict.would !== undefined) {
      wouldRefuse[index] = (wouldRefuse[index] ?? 0) + 1
      totals.wouldRefuse += 1
    }
  }

  const close = events.subscribe((event) => {
    if (event.kind !== 'exchange') return
    const { verdict } = event.exchange
    count(event.exchange, roll())
    if (verdict.kind !== 'allow' || verdict.would !== undefined) countReasons(event.exchange)
  })

  return {
    totals: () => ({ ...totals }),
    series: () => {
      roll()
      return Array.from({ length: buckets }, (_, age) => {
        const slice = newest - buckets + 1 + age
        const index = ((slice % buckets) + buckets) % buckets
        return {
          atMs: slice * bucketMs,
          requests: requests[index] ?? 0,
          refused: refused[index] ?? 0,
          wouldRefuse: wouldRefuse[index] ?? 0,
        }
      })
    },
    topReasons: (limit) => [...reasons.values()].sort((left, right) => right.count - left.count).slice(0, limit),
    close,
  }
}
