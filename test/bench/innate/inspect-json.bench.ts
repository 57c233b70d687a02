import { createInnate } from '../../../src/innate/create-innate.ts'
import { loadRules } from '../../../src/innate/load-rules.ts'
import { canonicalRequest, viewOf } from '../../innate/canonical-case.ts'
import type { Benchmark } from '../benchmark.ts'

const innate = createInnate({ rules: loadRules(), paranoia: 1, shadowRules: [] })

const lines = Array.from({ length: 26 }, (_, index) => ({
  sku: `SKU-${1000 + index}`,
  quantity: index + 1,
  price: 12.5 + index,
  colour: 'midnight blue',
  gift: index % 2 === 0,
}))
/** A JSON body of 130 short leaves. */
const request = canonicalRequest(
  viewOf({
    method: 'POST',
    target: '/orders',
    headers: [['content-type', 'application/json']],
    body: JSON.stringify({ lines }),
  }),
)
const findings: [] = []
let sum = 0

function readOnly(): void {
  for (const field of request.fields) {
    for (let index = 0; index < field.value.length; index += 1) sum += field.value.charCodeAt(index)
  }
}

export const benchmark: Benchmark = {
  name: 'innate/inspect: JSON with 130 leaves never seen before',
  opsPerRun: 100,
  baseline: {
    name: 'one pass over the characters',
    run: () => {
      for (let run = 0; run < 100; run += 1) readOnly()
      if (sum < 0) throw new Error('unreachable')
    },
  },
  candidate: {
    name: 'all rules',
    run: () => {
      for (let run = 0; run < 100; run += 1) innate.inspect(request, findings)
      if (findings.length > 0) throw new Error('the clean request has findings')
    },
  },
}
