import type { RequestView } from '../../../src/request/request-view.ts'
import type { Benchmark } from '../benchmark.ts'
import { againstBytes, maturedThymus, viewsOf } from '../matured.ts'

const { engine } = await maturedThymus()
const views = viewsOf('a')

/** All layers, the decision and what follows the response. */
export const benchmark: Benchmark = againstBytes('engine/inspect and settle: GET of load (a)', views, {
  name: 'inspect and settle',
  run: (index) => {
    const view = { ...(views[index] as RequestView), notes: undefined }
    const inspection = engine.inspect(view)
    engine.settle(inspection, { status: 200, atMs: view.receivedAtMs })
    return inspection.verdict.findings.length
  },
})
