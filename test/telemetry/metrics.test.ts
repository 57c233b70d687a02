import { describe, expect, it } from '@jest/globals'
import { createEventBus } from '../../src/core/events.ts'
import { createMetrics, type MetricsOptions } from '../../src/telemetry/metrics.ts'
import { exchangeWith, findingOf } from '../support/exchanges.ts'

function createScene(options: Partial<MetricsOptions> = {}) {
  const bus = createEventBus()
  const metrics = createMetrics({ bus, withProcess: false, ...options })
  const value = async (sample: string): Promise<number | undefined> => {
    const line = (await metrics.render()).split('\n').find((text) => text.startsWith(`${sample} `))
    return line === undefined ? undefined : Number(line.slice(sample.length + 1))
  }
  return { bus, metrics, value }
}

describe('metrics', () => {
  it('counts requests, findings and refusals', async () => {
    const { bus, value } = createScene()
    const findings = [findingOf(), findingOf({ layer: 'adaptive', shadow: true })]
    bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'allow', mode: 'monitor' }) })
    bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'deny', status: 403, because: 'attack', findings }) })
    bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'slow', status: 429, retryAfterMs: 1 }) })
    const would = { kind: 'deny', status: 403, because: 'attack' } as const
    bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'allow', mode: 'monitor', findings, would }) })
    expect(await value('thymus_requests_total{verdict="allow",mode="monitor"}')).toBe(2)
    expect(await value('thymus_requests_total{verdict="deny",mode="enforce"}')).toBe(1)
    expect(await value('thymus_findings_total{layer="innate",acting="yes"}')).toBe(2)
    expect(await value('thymus_findings_total{layer="adaptive",acting="no"}')).toBe(2)
    expect(await value('thymus_refusals_total{reason="attack"}')).toBe(1)
    expect(await value('thymus_refusals_total{reason="slowed"}')).toBe(1)
    expect(await value('thymus_would_refuse_total{verdict="deny"}')).toBe(1)
    expect(await value('thymus_request_seconds_count{method="GET",route="/orders/{int}"}')).toBe(4)
  })

  it('gives a bounded number of routes a label, and none to routes that do not answer', async () => {
    const { bus, metrics, value } = createScene({ maxRoutes: 3 })
    for (let number = 0; number < 50; number += 1)
      bus.emit({
        kind: 'exchange',
        exchange: exchangeWith({ kind: 'allow' }, { route: `/scan${number}`, status: 404 }),
      })
    for (let number = 0; number < 5; number += 1)
      bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'allow' }, { route: `/real${number}` }) })
    const routes = new Set((await metrics.render()).match(/route="[^"]*"/g))
    expect([...routes].sort()).toEqual(['route="/real0"', 'route="/real1"', 'route="/real2"', 'route="other"'])
    expect(await value('thymus_request_seconds_count{method="other",route="other"}')).toBe(52)
  })

  it('counts holds, releases, cells, faults and acts of people', async () => {
    const { bus, value } = createScene()
    bus.emit({ kind: 'hold', clientId: 'c', rung: 'isolated', reason: '', untilMs: 1 })
    bus.emit({ kind: 'release', clientId: 'c', by: 'ada', reason: '' })
    bus.emit({ kind: 'release', clientId: 'c', by: 'time', reason: '' })
    bus.emit({ kind: 'cell', cellId: 'x', change: 'born', reason: '' })
    bus.emit({ kind: 'fault', layer: 'engine', message: '' })
    bus.emit({ kind: 'breaker', subject: 'x', reason: '' })
    bus.emit({ kind: 'admin', actor: 'ada', action: 'x', subject: 'y' })
    bus.emit({ kind: 'profile-state', service: 'api', route: '/', state: 'mature', detail: '' })
    bus.emit({ kind: 'store', state: 'connected', detail: '' })
    const samples = [
      'thymus_holds_total{rung="isolated"}',
      'thymus_releases_total{by="person"}',
      'thymus_releases_total{by="time"}',
      'thymus_cell_changes_total{change="born"}',
      'thymus_faults_total{layer="engine"}',
      'thymus_breaker_total',
      'thymus_admin_actions_total',
      'thymus_profile_changes_total{state="mature"}',
      'thymus_store_connected',
    ]
    for (const sample of samples) expect([sample, await value(sample)]).toEqual([sample, 1])
    expect(samples).toHaveLength(9)
  })

  it('reads figures from their source when it is asked', async () => {
    let held = 2
    const { value } = createScene({
      sources: {
        heldClients: () => held,
        profiles: () => ({ mature: 4, learning: 1 }),
        dropped: () => ({ clients: 7 }),
      },
    })
    expect(await value('thymus_held_clients')).toBe(2)
    held = 3
    expect(await value('thymus_held_clients')).toBe(3)
    expect(await value('thymus_profiles{state="mature"}')).toBe(4)
    expect(await value('thymus_dropped{map="clients"}')).toBe(7)
  })

  it('measures inspections, and nothing more after it is closed', async () => {
    const { bus, metrics, value } = createScene()
    metrics.inspected(0.000_03)
    expect(await value('thymus_inspection_seconds_count')).toBe(1)
    metrics.close()
    bus.emit({ kind: 'exchange', exchange: exchangeWith({ kind: 'allow' }) })
    expect(await metrics.render()).toBe('\n')
  })

  it('adds figures of the process when wanted', async () => {
    const { metrics } = createScene({ withProcess: true })
    expect(await metrics.render()).toContain('process_cpu_user_seconds_total')
    expect(metrics.contentType).toContain('text/plain')
    metrics.close()
  })
})
