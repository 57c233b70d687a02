import type { Finding } from '../../../src/core/finding.ts'
import type { Benchmark } from '../benchmark.ts'
import { canonicalOf, maturedThymus, touchBytes, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('a')
const { adaptive } = thymus.parts()
const requests = views.map((view) => canonicalOf(thymus, view))
/** Keeps results alive. */
let kept = 0

/** Comparison of all fields with matured profiles. */
export const benchmark: Benchmark = {
  name: 'adaptive/inspect: GET of load (a)',
  opsPerRun: views.length,
  baseline: {
    name: 'one look at each byte',
    run: () => {
      for (const view of views) kept = (kept + touchBytes(view)) | 0
    },
  },
  candidate: {
    name: 'inspect',
    run: () => {
      for (const request of requests) {
        const findings: Finding[] = []
        adaptive.inspect(request, findings)
        kept = (kept + findings.length) | 0
      }
    },
  },
}
