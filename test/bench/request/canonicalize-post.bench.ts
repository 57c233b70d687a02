import type { Benchmark } from '../benchmark.ts'
import { maturedThymus, touchBytes, viewsOf } from '../matured.ts'

const thymus = await maturedThymus()
const views = viewsOf('b')
const { canonicalize, readHead } = thymus.parts()
/** Keeps results alive. */
let kept = 0

/** Head, fields and canonical text of a 2 KB JSON body with 130 leaves. */
export const benchmark: Benchmark = {
  name: 'request/canonicalize: POST of load (b)',
  opsPerRun: views.length,
  baseline: {
    name: 'one look at each byte',
    run: () => {
      for (const view of views) kept = (kept + touchBytes(view)) | 0
    },
  },
  candidate: {
    name: 'canonicalize',
    run: () => {
      for (const view of views) kept = (kept + canonicalize(view, readHead(view)).fields.length) | 0
    },
  },
}
