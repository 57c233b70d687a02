import type { Benchmark } from '../benchmark.ts'
import { maturedThymus, touchBytes, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('b')
const { engine } = thymus
/** Keeps results alive. */
let kept = 0

/** All layers, decision and what follows the response. */
export const benchmark: Benchmark = {
  name: 'engine/inspect and settle: POST of load (b)',
  opsPerRun: views.length,
  baseline: {
    name: 'one look at each byte',
    run: () => {
      for (const view of views) kept = (kept + touchBytes(view)) | 0
    },
  },
  candidate: {
    name: 'inspect and settle',
    run: () => {
      for (const view of views) {
        const inspection = engine.inspect({ ...view, notes: undefined })
        engine.settle(inspection, { status: 200, atMs: view.receivedAtMs })
        kept = (kept + inspection.verdict.findings.length) | 0
      }
    },
  },
}
