import { createMessageVariables } from '../../../src/innate/seclang/variables/create-message-variables.ts'
import { viewOf } from '../../innate/canonical-case.ts'
import { testSettings } from '../../innate/seclang/variables/message-case.ts'
import type { Benchmark } from '../benchmark.ts'

const lines = Array.from({ length: 26 }, (_, index) => ({
  sku: `SKU-${1000 + index}`,
  quantity: index + 1,
  price: 12.5 + index,
  colour: 'midnight blue',
  gift: index % 2 === 0,
}))
const body = JSON.stringify({ lines })
/** A JSON body of 130 short leaves. */
const view = viewOf({ method: 'POST', target: '/orders', headers: [['content-type', 'application/json']], body })
let leaves = 0

export const benchmark: Benchmark = {
  name: 'innate/seclang/variables: ARGS and ARGS_NAMES of JSON with 130 leaves',
  opsPerRun: 100,
  baseline: {
    name: 'JSON.parse',
    run: () => {
      for (let run = 0; run < 100; run += 1) leaves += Object.keys(JSON.parse(body) as object).length
      if (leaves < 0) throw new Error('unreachable')
    },
  },
  candidate: {
    name: 'members',
    run: () => {
      for (let run = 0; run < 100; run += 1) {
        const variables = createMessageVariables(view, testSettings)
        variables.readBody({ processor: 'JSON', isForced: false })
        leaves += variables.members('ARGS').length + variables.members('ARGS_NAMES').length
      }
      if (leaves < 0) throw new Error('unreachable')
    },
  },
}
