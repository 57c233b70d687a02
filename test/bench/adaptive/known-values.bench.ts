import type { Benchmark } from '../benchmark.ts'
import { compareAll, comparerOf, fieldOf, ordinaryValue } from './values.ts'

const fields = Array.from({ length: 400 }, (_, index) => fieldOf(ordinaryValue(index)))
const full = comparerOf(false)
const fast = comparerOf(true)
/** Keeps results alive, so that no side is optimised away. */
const kept = new Float64Array(1)

/** E-mails, times, addresses and words that a mature field has shown: accepted at a glance, against the full comparison. */
export const benchmark: Benchmark = {
  name: 'adaptive/comparer: known values',
  opsPerRun: fields.length,
  baseline: {
    name: 'compared in full',
    run: () => {
      kept[0] = compareAll(full, fields)
    },
  },
  candidate: {
    name: 'fast path',
    run: () => {
      kept[0] = compareAll(fast, fields)
    },
  },
}
