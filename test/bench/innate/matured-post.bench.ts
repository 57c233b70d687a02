import type { Finding } from '../../../src/core/finding.ts'
import type { CanonicalRequest } from '../../../src/request/canonical-request.ts'
import type { Benchmark } from '../benchmark.ts'
import { againstBytes, canonicalOf, maturedThymus, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('b')
// The first round lets the values that come again be kept.
for (const view of views) canonicalOf(thymus, view)
const requests = views.map((view) => canonicalOf(thymus, view))

/** All rules on known fields, of which most values come again. */
export const benchmark: Benchmark = againstBytes('innate/inspect: POST of load (b)', views, {
  name: 'inspect',
  run: (index) => {
    const findings: Finding[] = []
    thymus.parts().innate.inspect(requests[index] as CanonicalRequest, findings)
    return findings.length
  },
})
