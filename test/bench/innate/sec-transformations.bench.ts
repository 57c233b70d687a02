import { secTransformationTable } from '../../../src/innate/seclang/transformations/table.ts'
import type { Benchmark } from '../benchmark.ts'

/** The chains that rule sets use most, one after the other on each value. */
const chains = [
  ['urlDecodeUni', 'htmlEntityDecode', 'jsDecode', 'cssDecode', 'removeNulls'],
  ['urlDecodeUni', 'normalizePath', 'lowercase'],
  ['urlDecodeUni', 'cmdLine'],
  ['urlDecodeUni', 'replaceComments', 'compressWhitespace'],
].map((names) => names.map((name) => secTransformationTable.get(name.toLowerCase())?.apply ?? ((text: string) => text)))

/** What requests ordinarily carry. */
const values = [
  ...['42', 'true', 'blue', 'SKU-10023', '2026-03-01T10:00:00Z', 'jane.doe@example.org', 'a1b2c3d4-e5f6-7788-99aa'],
  ...['A sentence of ordinary words, with a comma.', '/api/v1/orders/77', 'gzip, deflate, br', 'keep-alive'],
  'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
]
let sum = 0

export const benchmark: Benchmark = {
  name: 'innate/sec-transformations: four chains on ordinary values',
  opsPerRun: values.length * chains.length,
  baseline: {
    name: 'one pass over the characters for each chain',
    run: () => {
      for (let pass = 0; pass < chains.length; pass += 1) {
        for (const value of values) for (let at = 0; at < value.length; at += 1) sum += value.charCodeAt(at)
      }
      if (sum < 0) throw new Error('unreachable')
    },
  },
  candidate: {
    name: 'all transformations of each chain',
    run: () => {
      for (const chain of chains) {
        for (const value of values) {
          let text = value
          for (const apply of chain) text = apply(text)
          sum += text.length
        }
      }
    },
  },
}
