import type { RequestView } from '../../../src/request/request-view.ts'
import type { Benchmark } from '../benchmark.ts'
import { inspectView, postView, readBytes, ruleSetName } from './seclang-program.ts'

/** More bodies than the texts that are kept from one request to the next. */
const views = Array.from({ length: 500 }, (_, serial) => postView(serial))
let next = 0

function nextView(): RequestView {
  next = (next + 1) % views.length
  return views[next] as RequestView
}

export const benchmark: Benchmark = {
  name: `innate/seclang: JSON POST with 130 leaves, ${ruleSetName}`,
  opsPerRun: 10,
  baseline: {
    name: 'one pass over the bytes',
    run: () => {
      for (let run = 0; run < 10; run += 1) if (readBytes(nextView()) < 0) throw new Error('unreachable')
    },
  },
  candidate: {
    name: 'phases 1 and 2',
    run: () => {
      for (let run = 0; run < 10; run += 1) if (inspectView(nextView()) < 0) throw new Error('unreachable')
    },
  },
}
