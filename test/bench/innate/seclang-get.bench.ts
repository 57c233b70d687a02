import type { Benchmark } from '../benchmark.ts'
import { getView, inspectView, readBytes, ruleSetName } from './seclang-program.ts'

export const benchmark: Benchmark = {
  name: `innate/seclang: GET with ten headers, ${ruleSetName}`,
  opsPerRun: 20,
  baseline: {
    name: 'one pass over the bytes',
    run: () => {
      for (let run = 0; run < 20; run += 1) if (readBytes(getView) < 0) throw new Error('unreachable')
    },
  },
  candidate: {
    name: 'phases 1 and 2',
    run: () => {
      for (let run = 0; run < 20; run += 1) if (inspectView(getView) < 0) throw new Error('unreachable')
    },
  },
}
