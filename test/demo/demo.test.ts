import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { createEventBus, type EventBus } from '../../src/core/events.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import type { Deny } from '../../src/core/verdict.ts'
import { createDemoApi } from '../../src/demo/api.ts'
import { firstAttackerAddress } from '../../src/demo/attackers.ts'
import { runDemo } from '../../src/demo/demo.ts'
import { isComplete } from '../../src/demo/report.ts'
import type { DemoDependencies } from '../../src/demo/stages.ts'
import { listen } from './listening.ts'

/** What a stand-in gateway knows and forgets. */
type Skills = {
  readonly sees: boolean
  readonly holds: boolean
  readonly remembers: boolean
  readonly isNervous: boolean
}

const able: Skills = { sees: true, holds: true, remembers: true, isNervous: false }

const finding = (layer: Finding['layer'], reason: string): Finding => ({
  layer,
  source: 'x',
  field: null,
  score: 1,
  reason,
})

/**
 * Stands where the gateway will: in front of the real API, it refuses the made-up payload, holds who sends it three
 * times, and remembers. What the demo reports has to follow from this, not from what it hopes for.
 */
function standIn(bus: EventBus, skills: Skills) {
  const api = createDemoApi()
  const offences = new Map<string, number>()
  let cells = 0
  let refusals = 0
  const refuse = (request: IncomingMessage, response: ServerResponse, findings: readonly Finding[]): void => {
    refusals += 1
    const referenceId = `ref-${refusals}`
    const verdict: Deny = {
      kind: 'deny',
      status: 403,
      because: 'anomaly',
      findings,
      score: 1,
      referenceId,
      mode: 'enforce',
    }
    response.writeHead(403, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ referenceId }))
    const clientId = `address:${request.headers['x-forwarded-for']}`
    const exchange = {
      atMs: 0,
      clientId,
      service: 'api',
      method: 'GET',
      route: '/',
      verdict,
      status: 403,
      durationMs: 1,
    }
    setTimeout(() => bus.emit({ kind: 'exchange', exchange }), 5)
  }
  return (request: IncomingMessage, response: ServerResponse): unknown => {
    const address = String(request.headers['x-forwarded-for'])
    const isOdd = decodeURIComponent(request.url ?? '').includes('~@owner.all@~')
    if (skills.isNervous && request.url === '/health') return refuse(request, response, [finding('innate', 'nervous')])
    if (!isOdd) return api(request, response)
    if (skills.remembers && cells > 0) return refuse(request, response, [finding('memory', 'recalled')])
    if (!skills.sees) return api(request, response)
    const count = (offences.get(address) ?? 0) + 1
    offences.set(address, count)
    if (count === 3 && skills.holds) {
      bus.emit({ kind: 'hold', clientId: `address:${address}`, rung: 'slowed', reason: 'odd, and walking', untilMs: 1 })
      cells += 1
      bus.emit({ kind: 'cell', cellId: 'cell-1', change: 'born', reason: 'a cell' })
    }
    return refuse(request, response, [finding('adaptive', 'never seen in sort')])
  }
}

async function show(skills: Skills, overrides: Partial<DemoDependencies> = {}) {
  const bus = createEventBus()
  const gateway = await listen(standIn(bus, skills))
  const lines: string[] = []
  let polls = 0
  const progress = () => {
    polls += 1
    const mature = polls < 3 ? polls : 19
    return {
      state: 'learning',
      routes: 5,
      fields: { embryo: 0, learning: 20 - mature, mature },
      samples: 100 * polls,
      missing: [`${polls} of 3 slices`],
    }
  }
  try {
    const report = await runDemo({
      gatewayUrl: gateway.url,
      adminUrl: 'http://127.0.0.1:9090',
      progress,
      subscribe: bus.subscribe,
      log: (line) => lines.push(line),
      random: createRandom(3),
      signal: new AbortController().signal,
      timing: {
        personas: 6,
        maxLearningMs: 1_000,
        progressEveryMs: 500,
        attackPauseMs: 1,
        maxAttackRequests: 40,
        eventMs: 200,
      },
      ...overrides,
    })
    return { report, lines }
  } finally {
    await gateway.close()
  }
}

describe('runDemo', () => {
  it('shows learning, the hold, the cell and the refusal of the second attacker at its first request', async () => {
    const { report, lines } = await show(able)
    expect(report).toEqual({ matured: 19, held: 1, cells: 1, secondRefusedAt: 1, benignRefused: 0 })
    expect(isComplete(report)).toBe(true)
    const told = lines.join('\n')
    expect(told).toContain('the dashboard is at http://127.0.0.1:9090')
    expect(told).toContain('learning is shortened for the demo')
    expect(told).toContain('19 of 20 fields on 5 routes are mature')
    expect(told).toContain(`first attacker at ${firstAttackerAddress}`)
    expect(told).toContain('never seen in sort (adaptive)')
    expect(told).toContain('held (slowed) at request')
    expect(told).toContain('second attacker refused at first request: recalled')
    expect(told).toMatch(/ordinary people sent \d+ requests, 0 of them were refused/)
  })

  it('reports no hold when the gateway sees but never holds', async () => {
    const { report } = await show({ ...able, holds: false })
    expect(report).toMatchObject({ held: 0, cells: 0, secondRefusedAt: null })
    expect(isComplete(report)).toBe(false)
  })

  it('does not take a refusal without memory for a recall', async () => {
    const { report } = await show({ ...able, remembers: false })
    expect(report).toMatchObject({ held: 1, cells: 1, secondRefusedAt: null })
    expect(isComplete(report)).toBe(false)
  })

  it('finds nothing held when the gateway sees nothing', async () => {
    const { report } = await show({ ...able, sees: false })
    expect(report).toMatchObject({ held: 0, secondRefusedAt: null })
  })

  it('counts and names ordinary people who are refused', async () => {
    const { report, lines } = await show(
      { ...able, isNervous: true },
      {
        timing: {
          personas: 48,
          maxLearningMs: 2_500,
          progressEveryMs: 1_000,
          attackPauseMs: 1,
          maxAttackRequests: 40,
          eventMs: 200,
        },
      },
    )
    expect(report.benignRefused).toBeGreaterThan(0)
    expect(isComplete(report)).toBe(false)
    expect(lines.some((line) => line.includes('was refused by mistake at /health'))).toBe(true)
  })

  it('ends at once when it is aborted', async () => {
    const end = new AbortController()
    const run = show(able, { signal: end.signal })
    setTimeout(() => end.abort(), 100)
    await expect(run).rejects.toThrow('abort')
  })
})
