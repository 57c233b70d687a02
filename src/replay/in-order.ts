import type { TrafficRecord } from './traffic-record.ts'

/** Access logs are written when an answer ends, so their lines are out of order by as much as answers take. */
const windowSize = 4_096

/** Records by time, as far as a window of 4,096 of them reaches; those without a time stay where they are. */
export async function* inOrder(
  records: AsyncIterable<TrafficRecord>,
  size = windowSize,
): AsyncGenerator<TrafficRecord> {
  const waiting: { readonly record: TrafficRecord; readonly tsMs: number }[] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for await (const record of records) {
    lastMs = record.tsMs ?? lastMs
    const entry = { record, tsMs: lastMs }
    waiting.splice(insertionPoint(waiting, entry.tsMs), 0, entry)
    if (waiting.length > size) {
      const first = waiting.shift()
      if (first !== undefined) yield first.record
    }
  }
  for (const { record } of waiting) yield record
}

/** Behind everything that is not later, so that equal times keep their order. */
function insertionPoint(waiting: readonly { readonly tsMs: number }[], tsMs: number): number {
  let low = 0
  let high = waiting.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((waiting[middle]?.tsMs ?? 0) <= tsMs) low = middle + 1
    else high = middle
  }
  return low
}
