import type { RequestView } from '../../../src/request/request-view.ts'
import type { Benchmark } from '../benchmark.ts'
import { againstBytes, canonicalOf, maturedThymus, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('a')

/** Head, fields and canonical text. */
export const benchmark: Benchmark = againstBytes('request/canonicalize: GET of load (a)', views, {
  name: 'canonicalize',
  run: (index) => canonicalOf(thymus, views[index] as RequestView).fields.length,
})
