import { describe, expect, it } from '@jest/globals'
import { type Running, signIn, withAdmin } from './client.ts'
import { accuseOnce, accuseTwice, attack, caseOf, findingOf, startMs } from './fixture.ts'

const dayMs = 86_400_000

function audited({ events }: Running): string[] {
  return events.flatMap((event) => (event.kind === 'admin' ? [`${event.actor} ${event.action} ${event.subject}`] : []))
}

describe('held clients', () => {
  it('are listed with what they did, apart from those that are only watched', async () => {
    await withAdmin({}, async ({ call, quarantine }) => {
      accuseTwice(quarantine, '203.0.113.7')
      accuseOnce(quarantine, '198.51.100.4')
      const { body } = await call('GET', '/api/v1/clients/held', { headers: await signIn(call) })
      expect(body).toMatchObject({
        held: [{ hold: { clientId: 'address:203.0.113.7', rung: 'isolated' }, conduct: { requests: 64 } }],
        watched: [{ hold: { clientId: 'address:198.51.100.4', rung: 'watched' }, conduct: null }],
        exemptions: [],
      })
    })
  })

  it('are released in the quarantine itself, once', async () => {
    await withAdmin({}, async (running) => {
      const { call, quarantine } = running
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const headers = await signIn(call)
      const path = `/api/v1/clients/${encodeURIComponent(clientId)}/release`
      expect((await call('POST', path, { headers, body: {} })).body).toEqual({ released: true })
      expect(quarantine.lookup(clientId)).toBeUndefined()
      expect(audited(running)).toContain(`admin release-client ${clientId}`)
      expect((await call('POST', path, { headers, body: {} })).status).toBe(404)
    })
  })

  it('are found by an id with a slash in it', async () => {
    await withAdmin({}, async ({ call, quarantine }) => {
      const clientId = accuseTwice(quarantine, '2001:db8::/56')
      const headers = await signIn(call)
      const path = `/api/v1/clients/${encodeURIComponent(clientId)}/release`
      expect((await call('POST', path, { headers, body: {} })).status).toBe(200)
    })
  })

  it('are held for longer by a person, and nobody else is', async () => {
    await withAdmin({}, async (running) => {
      const { call, quarantine } = running
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const before = quarantine.lookup(clientId)?.untilMs ?? 0
      const headers = await signIn(call)
      const path = (id: string) => `/api/v1/clients/${encodeURIComponent(id)}/extend`
      const reply = await call('POST', path(clientId), { headers, body: { byMs: 3_600_000 } })
      expect(reply.body).toMatchObject({ hold: { untilMs: before + 3_600_000, by: 'person' } })
      expect(audited(running)).toContain(`admin extend-hold ${clientId}`)
      expect((await call('POST', path('address:192.0.2.1'), { headers, body: { byMs: 3_600_000 } })).status).toBe(404)
      for (const byMs of [0, -1, 1.5, '1', null, 8 * dayMs]) {
        expect((await call('POST', path(clientId), { headers, body: { byMs } })).status).toBe(400)
      }
    })
  })

  it('are exempt for a time, until it is taken back', async () => {
    await withAdmin({}, async (running) => {
      const { call, quarantine } = running
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const headers = await signIn(call)
      const path = `/api/v1/clients/${encodeURIComponent(clientId)}/exempt`
      const reply = await call('POST', path, { headers, body: { ttlMs: dayMs, reason: 'our monitor' } })
      const exemption = { clientId, untilMs: startMs + dayMs, by: 'admin', reason: 'our monitor' }
      expect(reply.body).toEqual({ exemption })
      expect(quarantine.lookup(clientId)).toBeUndefined()
      accuseTwice(quarantine, '203.0.113.7')
      expect(quarantine.lookup(clientId)).toBeUndefined()
      expect((await call('DELETE', path, { headers })).body).toEqual({ ended: true })
      expect(quarantine.exemptions()).toEqual([])
      expect((await call('DELETE', path, { headers })).status).toBe(404)
      expect(audited(running).filter((line) => line.includes('exempt'))).toEqual([
        `admin exempt-client ${clientId}`,
        `admin unexempt ${clientId}`,
      ])
    })
  })
})

describe('findings', () => {
  it('come newest first, by page, by review and by client', async () => {
    await withAdmin({}, async ({ call, cases }) => {
      for (let index = 0; index < 7; index += 1) {
        cases.add(
          caseOf(`ref-${index}`, { clientId: `address:192.0.2.${index % 2}`, review: index === 0 ? 'benign' : 'open' }),
        )
      }
      const headers = await signIn(call)
      const list = async (query: string) => {
        const { body } = await call('GET', `/api/v1/findings?${query}`, { headers })
        return { ...body, cases: (body['cases'] as { referenceId: string }[]).map((one) => one.referenceId) }
      }
      expect(await list('limit=3')).toEqual({ cases: ['ref-6', 'ref-5', 'ref-4'], total: 7, next: 'ref-4' })
      expect(await list('limit=3&after=ref-4')).toEqual({ cases: ['ref-3', 'ref-2', 'ref-1'], total: 7, next: 'ref-1' })
      expect(await list('limit=3&after=ref-1')).toEqual({ cases: ['ref-0'], total: 7, next: null })
      expect(await list('review=benign')).toEqual({ cases: ['ref-0'], total: 1, next: null })
      expect(await list('review=malicious')).toEqual({ cases: [], total: 0, next: null })
      expect(await list('clientId=address:192.0.2.1')).toMatchObject({ total: 3 })
    })
  })

  it('are resolved by the reference id that the client was given', async () => {
    await withAdmin({}, async ({ call, cases }) => {
      cases.add(caseOf('ref-1'))
      const headers = await signIn(call)
      expect((await call('GET', '/api/v1/findings/ref-1', { headers })).body).toEqual({ case: caseOf('ref-1') })
      expect(await call('GET', '/api/v1/findings/ref-2', { headers })).toMatchObject({
        status: 404,
        body: { code: 'no-such-thing' },
      })
    })
  })

  it('called normal make tolerances of their route, field and source alone, for thirty days', async () => {
    await withAdmin({}, async (running) => {
      const { call, cases, deps } = running
      const walk = findingOf({ layer: 'behaviour', source: 'object-walk', field: null })
      cases.add(
        caseOf('ref-1', {
          findings: [findingOf(), findingOf(), findingOf({ layer: 'innate', source: 'sqli-110' }), walk],
        }),
      )
      const body = { review: 'benign', tolerate: {} }
      const reply = await call('POST', '/api/v1/findings/ref-1/review', { headers: await signIn(call), body })
      expect(reply.status).toBe(200)
      const place = { service: 'api', method: 'GET', route: '/orders/{int}', field: 'query:page' }
      expect(deps.tolerances.list()).toMatchObject([
        { scope: { ...place, finding: 'adaptive:chunk' }, by: 'admin', untilMs: startMs + 30 * dayMs },
        { scope: { ...place, finding: 'innate:sqli-110' }, by: 'admin', untilMs: startMs + 30 * dayMs },
      ])
      expect(cases.get('ref-1')).toMatchObject({ review: 'benign', reviewedBy: 'admin' })
      expect(deps.records.get('judgement', 'ref-1')).toMatchObject({
        rank: 'person',
        body: { review: 'benign', by: 'admin' },
      })
      expect(audited(running)).toContain('admin review-benign ref-1')
    })
  })

  it('called normal only close the case unless tolerances are asked for, and only those named are made', async () => {
    await withAdmin({}, async ({ call, cases, deps }) => {
      cases.add(caseOf('ref-1', { findings: [findingOf(), findingOf({ layer: 'innate', source: 'sqli-110' })] }))
      const headers = await signIn(call)
      const review = (body: unknown) => call('POST', '/api/v1/findings/ref-1/review', { headers, body })
      await review({ review: 'benign' })
      expect(deps.tolerances.list()).toEqual([])
      await review({ review: 'benign', tolerate: { findings: ['innate:sqli-110'], ttlMs: dayMs } })
      expect(deps.tolerances.list()).toMatchObject([
        { scope: { finding: 'innate:sqli-110' }, untilMs: startMs + dayMs },
      ])
    })
  })

  it('called an attack make a memory cell, which a later word takes back', async () => {
    await withAdmin({}, async ({ call, cases, memory, deps }) => {
      cases.add(caseOf('ref-1'))
      const headers = await signIn(call)
      const review = (body: unknown) => call('POST', '/api/v1/findings/ref-1/review', { headers, body })
      const { body } = await review({ review: 'malicious' })
      expect(memory.cells().map((cell) => cell.id)).toEqual([body['cellId']])
      const taken = await review({ review: 'benign', tolerate: {} })
      expect(taken.body).toMatchObject({ cellId: null, forgottenCells: [body['cellId']] })
      expect(memory.cells()).toEqual([])
      expect(deps.tolerances.list()).toHaveLength(1)
      const open = await review({ review: 'open' })
      expect(open.body).toMatchObject({ case: { review: 'open' }, tolerances: [] })
      expect(deps.tolerances.list()).toEqual([])
    })
  })

  it('called an attack say when no cell could be made', async () => {
    await withAdmin({ confirm: () => undefined }, async ({ call, cases }) => {
      cases.add(caseOf('ref-1'))
      const headers = await signIn(call)
      const reply = await call('POST', '/api/v1/findings/ref-1/review', { headers, body: { review: 'malicious' } })
      expect(reply.body).toMatchObject({ cellId: null, case: { review: 'malicious' } })
    })
  })
})

describe('memory cells and tolerances', () => {
  it('lists cells without their anchors and forgets one for good', async () => {
    await withAdmin({}, async (running) => {
      const { call, memory } = running
      const id = memory.remember(attack)?.id ?? ''
      const headers = await signIn(call)
      const { body } = await call('GET', '/api/v1/cells', { headers })
      expect(body).toMatchObject({ cells: [{ id, family: 'sqli', anchors: expect.any(Number), hits: 0 }] })
      expect((await call('DELETE', `/api/v1/cells/${id}`, { headers })).body).toEqual({ forgotten: true })
      expect(memory.cells()).toEqual([])
      expect(audited(running)).toContain(`admin forget-cell ${id}`)
      expect((await call('DELETE', `/api/v1/cells/${id}`, { headers })).status).toBe(404)
    })
  })

  it('creates a tolerance with an end and withdraws it', async () => {
    await withAdmin({}, async (running) => {
      const { call, deps } = running
      const headers = await signIn(call)
      const scope = { service: 'api', method: 'POST', route: '/notes', field: null, finding: 'innate:xss-100' }
      const reply = await call('POST', '/api/v1/tolerances', { headers, body: { scope, reason: 'rich text' } })
      expect(reply.status).toBe(201)
      const [made] = deps.tolerances.list()
      expect(made).toMatchObject({ scope, reason: 'rich text', by: 'admin', untilMs: startMs + 30 * dayMs })
      expect((await call('GET', '/api/v1/tolerances', { headers })).body).toEqual({ tolerances: [made] })
      expect((await call('DELETE', `/api/v1/tolerances/${made?.id}`, { headers })).body).toEqual({ withdrawn: true })
      expect(deps.tolerances.list()).toEqual([])
      const lines = audited(running)
      expect(lines).toContain(`admin create-tolerance ${made?.id}`)
      expect(lines).toContain(`admin withdraw-tolerance ${made?.id}`)
    })
  })
})

describe('tolerances', () => {
  it('withdraws nothing but tolerances, whatever record the id is of', async () => {
    await withAdmin({}, async ({ call, quarantine, deps }) => {
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const hold = deps.records.get('hold', clientId)
      const headers = await signIn(call)
      expect((await call('DELETE', `/api/v1/tolerances/${hold?.id}`, { headers })).status).toBe(404)
      expect(deps.records.get('hold', clientId)).toEqual(hold)
      expect(hold?.kind).toBe('hold')
    })
  })
})

describe('state', () => {
  it('tells mode, learning, traffic, store and counts', async () => {
    await withAdmin({}, async ({ call, cases, quarantine, memory, bus, clock }) => {
      cases.add(caseOf('ref-1'))
      cases.add(caseOf('ref-2', { review: 'benign' }))
      accuseTwice(quarantine, '203.0.113.7')
      accuseOnce(quarantine, '198.51.100.4')
      memory.remember(attack)
      const exchange = {
        atMs: clock.now(),
        clientId: 'c',
        service: 'api',
        method: 'GET',
        route: '/orders/{int}',
        status: 200,
        durationMs: 1,
      }
      const verdict = {
        findings: [findingOf(), findingOf({ source: 'other', shadow: true })],
        score: 0.9,
        referenceId: 'r',
        mode: 'monitor' as const,
      }
      const would = { kind: 'deny', status: 403, because: 'anomaly' } as const
      bus.emit({ kind: 'exchange', exchange: { ...exchange, verdict: { kind: 'allow', ...verdict } } })
      bus.emit({ kind: 'exchange', exchange: { ...exchange, verdict: { kind: 'allow', ...verdict, would } } })
      bus.emit({
        kind: 'exchange',
        exchange: { ...exchange, verdict: { kind: 'deny', status: 403, because: 'attack', ...verdict } },
      })
      const { body } = await call('GET', '/api/v1/state', { headers: await signIn(call) })
      expect(body).toMatchObject({
        mode: 'monitor',
        nodeId: 'node-a',
        learning: { state: 'learning', samples: 4_120 },
        store: { backend: 'sqlite', isConnected: true },
        traffic: {
          requests: 3,
          refused: 1,
          wouldRefuse: 1,
          topReasons: [{ layer: 'adaptive', source: 'chunk', count: 2 }],
        },
        silenced: [],
        counts: { openCases: 1, cases: 2, held: 1, watched: 1, byRung: { isolated: 1, watched: 1 }, cells: 1 },
      })
      const { series } = body['traffic'] as { series: { requests: number; refused: number; wouldRefuse: number }[] }
      expect(series).toHaveLength(120)
      expect(series.at(-1)).toMatchObject({ requests: 3, refused: 1, wouldRefuse: 1 })
      expect(series.reduce((sum, slice) => sum + slice.requests, 0)).toBe(3)
    })
  })

  it('forgets the traffic of more than ten minutes ago, but not the totals', async () => {
    await withAdmin({}, async ({ call, bus, clock }) => {
      const verdict = { kind: 'allow', findings: [], score: 0, referenceId: 'r', mode: 'monitor' } as const
      const exchange = {
        atMs: clock.now(),
        clientId: 'c',
        service: 'api',
        method: 'GET',
        route: '/',
        status: 200,
        durationMs: 1,
        verdict,
      }
      bus.emit({ kind: 'exchange', exchange })
      clock.advance(300_000)
      bus.emit({ kind: 'exchange', exchange })
      clock.advance(301_000)
      const { body } = await call('GET', '/api/v1/state', { headers: await signIn(call) })
      const { series, requests } = body['traffic'] as { series: { requests: number }[]; requests: number }
      expect([requests, series.reduce((sum, slice) => sum + slice.requests, 0)]).toEqual([2, 1])
    })
  })

  it('says what is missing before traffic should come', async () => {
    const checks = [{ name: 'upstream', isOk: false, detail: 'http://127.0.0.1:1 does not answer.' }]
    await withAdmin({ readiness: () => ({ ready: false, checks }) }, async ({ call }) => {
      expect(await call('GET', '/readyz')).toMatchObject({ status: 503, body: { ready: false, checks } })
      expect(await call('GET', '/healthz')).toMatchObject({ status: 200, body: { live: true } })
    })
  })

  it('gives the metrics as the registry writes them', async () => {
    await withAdmin({}, async ({ call }) => {
      const reply = await call('GET', '/metrics')
      expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4')
      expect(reply.text).toBe('thymus_up 1\n')
    })
  })
})
