import { forEachGram } from '../../../src/memory/grams.ts'
import { createRecallIndex } from '../../../src/memory/recall-index.ts'
import type { Benchmark } from '../benchmark.ts'

const values = [
  '42',
  'anna.oneil@mail.example',
  '2026-11-23T10:00:00Z',
  'a1b2c3d4-0000-4000-8000-123456789abc',
  'large red shoes',
  'name',
  'https://shop.example/items/42?page=2&sort=name',
  '{"id":17,"note":"5 or 6 pieces"}',
]
const index = createRecallIndex({ has: () => false, size: () => 0 })
for (let cell = 0; cell < 500; cell += 1) {
  const anchors = new Set<number>()
  forEachGram(
    `'${cell % 7}<${cell.toString(36)}>=${String.fromCharCode(97 + (cell % 26))}(;--${cell.toString(30)}")`,
    (hash) => anchors.add(hash),
  )
  index.add(`cell-${cell}`, [{ anchors: [...anchors], minAffinity: 0.6 }])
}
/** Keeps results alive. */
const kept = new Uint32Array(1)

/** Eight ordinary values of an API, six of them without special characters, against 500 cells. */
export const benchmark: Benchmark = {
  name: 'memory/recall: an ordinary value against 500 cells',
  opsPerRun: values.length,
  baseline: {
    name: 'one look at each character',
    run: () => {
      for (const value of values)
        for (let at = 0; at < value.length; at += 1) kept[0] = (kept[0] ?? 0) ^ value.charCodeAt(at)
    },
  },
  candidate: {
    name: 'recall',
    run: () => {
      for (const value of values) if (index.recall(value) !== undefined) kept[0] = (kept[0] ?? 0) + 1
    },
  },
}
