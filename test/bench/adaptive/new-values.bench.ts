import type { Benchmark } from '../benchmark.ts'
import { compareAll, comparerOf, fieldOf, ordinaryValue } from './values.ts'

const known = Array.from({ length: 400 }, (_, index) => fieldOf(ordinaryValue(index)))
const strangers = Array.from({ length: 400 }, (_, index) => fieldOf(`{{${ordinaryValue(index)}}} <${index}>`))
const comparer = comparerOf(true)
/** Keeps results alive, so that no side is optimised away. */
const kept = new Float64Array(1)

/** What a value costs that the field has not shown, against one that it has. */
export const benchmark: Benchmark = {
  name: 'adaptive/comparer: new values',
  opsPerRun: known.length,
  baseline: {
    name: 'known values',
    run: () => {
      kept[0] = compareAll(comparer, known)
    },
  },
  candidate: {
    name: 'new values',
    run: () => {
      kept[0] = compareAll(comparer, strangers)
    },
  },
}
