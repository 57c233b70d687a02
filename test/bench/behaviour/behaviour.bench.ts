import { type Behaviour, createBehaviour } from '../../../src/behaviour/behaviour.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { createManualClock } from '../../../src/core/clock.ts'
import type { Finding } from '../../../src/core/finding.ts'
import { createRandom } from '../../../src/core/random.ts'
import type { CanonicalRequest } from '../../../src/request/canonical-request.ts'
import { clientNamed, sketchRequest } from '../../support/requests.ts'
import type { Benchmark } from '../benchmark.ts'

const requestCount = 4_000
const clientCount = 500

/** Ordinary traffic: a few objects each, with as many fields as a small GET has. */
function sketchTraffic(): CanonicalRequest[] {
  const fields = ['page', 'sort', 'limit', 'q', 'lang', 'from', 'to'].map(
    (name) => ({ location: 'query', name, value: '12' }) as const,
  )
  return Array.from({ length: requestCount }, (_, index) => {
    const who = (index * 7) % clientCount
    const client = clientNamed(`bench-${who}`)
    const id = who * 3 + (index % 3)
    if (index % 2 === 0) return sketchRequest({ client, template: '/orders/{int}', path: `/orders/${id}`, fields })
    return sketchRequest({ client, template: '/search', path: '/search', fields, routeId: 2 })
  })
}

const traffic = sketchTraffic()
const clock = createManualClock(1_700_000_000_000)
const behaviour: Behaviour = createBehaviour({
  config: configSchema.parse({}).behaviour,
  clock,
  random: createRandom(1),
})
const findings: Finding[] = []
const outcome = { status: 200, atMs: 0 }

/** What a plain counter per client and route costs: the least that any limiter does. */
const counters = new Map<string, number>()

export const benchmark: Benchmark = {
  name: 'behaviour/inspect and observe: one ordinary request',
  opsPerRun: requestCount,
  baseline: {
    name: 'one counter per client and route in a Map',
    run: () => {
      for (const { client, route } of traffic) {
        const key = `${client.id} ${route.method} ${route.template}`
        counters.set(key, (counters.get(key) ?? 0) + 1)
      }
    },
  },
  candidate: {
    name: 'behaviour',
    run: () => {
      for (const request of traffic) {
        findings.length = 0
        behaviour.inspect(request, findings)
        behaviour.observe(request, outcome)
      }
      clock.advance(30_000)
    },
  },
}
