import { createInnate } from '../../../src/innate/create-innate.ts'
import { loadRules } from '../../../src/innate/load-rules.ts'
import { canonicalRequest, viewOf } from '../../innate/canonical-case.ts'
import type { Benchmark } from '../benchmark.ts'

const innate = createInnate({ rules: loadRules(), paranoia: 1, shadowRules: [] })

/** A GET with 15 clean fields of about 800 characters together. */
const request = canonicalRequest(
  viewOf({
    target:
      '/orders?page=2&size=20&sort=createdAt&status=open&currency=EUR&from=2026-01-01&to=2026-01-31&customer=18374',
    headers: [
      [
        'user-agent',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      ],
      ['accept', 'application/json, text/plain, */*'],
      ['accept-language', 'en-GB,en;q=0.9'],
      ['x-request-id', '550e8400-e29b-41d4-a716-446655440000'],
      ['referer', 'https://shop.example/account/orders?tab=open'],
      ['cookie', `sid=${'a1b2c3d4'.repeat(16)}; theme=dark; cart=${'Zm9vYmFy'.repeat(30)}x1`],
    ],
  }),
)
const findings: [] = []
let sum = 0

/** One pass over the same text that does nothing but add up characters. */
function readOnly(): void {
  for (const field of request.fields) {
    for (let index = 0; index < field.value.length; index += 1) sum += field.value.charCodeAt(index)
  }
}

export const benchmark: Benchmark = {
  name: 'innate/inspect: GET with fields never seen before',
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
