import type { Finding } from '../../../src/core/finding.ts'
import type { CanonicalRequest } from '../../../src/request/canonical-request.ts'
import type { Benchmark } from '../benchmark.ts'
import { againstBytes, canonicalOf, maturedThymus, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('a')
const requests = views.map((view) => canonicalOf(thymus, view))

/** Comparison of all fields with matured profiles. */
export const benchmark: Benchmark = againstBytes('adaptive/inspect: GET of load (a)', views, {
  name: 'inspect',
  run: (index) => {
    const findings: Finding[] = []
    thymus.parts().adaptive.inspect(requests[index] as CanonicalRequest, findings)
    return findings.length
  },
})
