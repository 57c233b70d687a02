import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createThymus, type Thymus } from '../../src/app.ts'
import type { ConfigInput } from '../../src/config/schema.ts'
import { createManualClock } from '../../src/core/clock.ts'
import { createEventBus, type ThymusEvent } from '../../src/core/events.ts'
import { createRandom } from '../../src/core/random.ts'
import { type Sketch, viewOf } from '../support/canonical.ts'

const open: Thymus[] = []
afterEach(async () => {
  for (const thymus of open.splice(0)) await thymus.close()
})

async function create(config: ConfigInput = {}) {
  const clock = createManualClock(1_000_000)
  const bus = createEventBus()
  const events: ThymusEvent[] = []
  bus.subscribe((event) => events.push(event))
  const adaptive = { minSamples: 40, sliceMs: 1_000, ...config.adaptive }
  const quiet = { ...config, mode: config.mode ?? 'enforce', adaptive, telemetry: { level: 'silent' as const } }
  const thymus = await createThymus(quiet, { clock, random: createRandom(1), events: bus, isPersistent: false })
  open.push(thymus)
  const send = (sketch: Sketch, status = 200) => {
    clock.advance(100)
    const view = { ...viewOf(sketch), receivedAtMs: clock.now() }
    const inspection = thymus.engine.admit(view) ?? thymus.engine.inspect(view)
    const { verdict } = inspection
    thymus.engine.settle(inspection, { status: verdict.kind === 'allow' ? status : verdict.status, atMs: clock.now() })
    return verdict
  }
  return { thymus, clock, events, send }
}

const injection = { target: "/search?q=1'%20UNION%20SELECT%20password%20FROM%20users--", address: '198.51.100.9' }
const ordinary = (index: number): Sketch => ({
  target: `/search?q=${['amber', 'basil', 'cedar'][index % 3]}+dune+${index}&page=${index % 9}`,
  address: `192.0.2.${1 + (index % 200)}`,
})

describe('the engine', () => {
  it('denies a known attack at the first request and says which rule saw it', async () => {
    const { send } = await create()
    const verdict = send(injection)
    expect(verdict).toMatchObject({ kind: 'deny', status: 403, because: 'attack' })
    expect(verdict.findings[0]?.source).toMatch(/^sqli-/)
  })

  it('only says so in monitor mode', async () => {
    const { send } = await create({ mode: 'monitor' })
    expect(send(injection)).toMatchObject({ kind: 'allow', would: { kind: 'deny', because: 'attack' } })
  })

  it('looks at nothing where the mode is off', async () => {
    const { send } = await create({ routes: [{ match: '* /search', mode: 'off' }] })
    expect(send(injection)).toMatchObject({ kind: 'allow', findings: [], mode: 'off' })
  })

  it.each([
    '/users/..%2fsearch',
    '/users/..%5csearch',
    '/users/%2e%2e%2fsearch',
    '/users/7/..%2F../search',
    '/users/..%252fsearch',
  ])('takes the stricter mode for %s, which servers read differently', async (path) => {
    const { send } = await create({ routes: [{ match: '* /search', mode: 'off' }] })
    const [, query = ''] = injection.target.split('?')
    expect(send({ ...injection, target: `${path}?${query}` })).toMatchObject({ kind: 'deny', because: 'attack' })
  })

  it('keeps the mode of a route whose path is only written with escapes', async () => {
    const { send } = await create({ routes: [{ match: '* /café/*', mode: 'off' }] })
    expect(send({ ...injection, target: '/caf%C3%A9/a%20b?q=1%27%20UNION%20SELECT%201--' })).toMatchObject({
      mode: 'off',
    })
  })

  it('learns admitted traffic after the response and denies what is foreign to it', async () => {
    const { send, thymus, clock } = await create({ adaptive: { denyScore: 0.9 } })
    const foreign = {
      target: '/search?q=%7B%7B%7C%23x%7C%7D%7D%3B~~%5Beval%5D%3D%3E%22%27&page=1',
      address: '198.51.100.20',
    }
    expect(send(foreign).kind).toBe('allow')
    for (let index = 0; index < 600; index += 1) {
      send(ordinary(index))
      clock.advance(50)
      thymus.parts().adaptive.learn()
    }
    expect(send(foreign)).toMatchObject({ kind: 'deny', because: 'anomaly' })
    expect(send(ordinary(5)).kind).toBe('allow')
  })

  it('compares a made-up host with what it knows, as evidence that does not refuse by itself', async () => {
    const { send, thymus, clock } = await create()
    for (let index = 0; index < 600; index += 1) {
      send(ordinary(index))
      clock.advance(50)
      thymus.parts().adaptive.learn()
    }
    const foreign = '/search?q=%7B%7B%7C%23x%7C%7D%7D%3B~~%5Beval%5D%3D%3E%22%27&page=1'
    const verdict = send({ target: foreign, address: '198.51.100.20', host: 'made-up.test' })
    expect(verdict.kind).toBe('allow')
    expect(verdict.findings[0]).toMatchObject({ layer: 'adaptive', score: 0.9 })
    expect(verdict.findings[0]?.shadow).toBeUndefined()
  })

  it('learns nothing from what was refused, failed or came from a held client', async () => {
    const { send, thymus } = await create()
    for (let index = 0; index < 20; index += 1) send(injection)
    for (let index = 0; index < 20; index += 1) send(ordinary(index), 500)
    for (let index = 0; index < 20; index += 1) send(ordinary(index), 404)
    thymus.parts().adaptive.learn()
    expect(thymus.parts().adaptive.progress().samples).toBe(0)
  })

  it('holds a client against whom two kinds of evidence stand, remembers its attack, and knows it in other hands', async () => {
    const { send, thymus } = await create()
    for (let id = 1; id <= 40; id += 1) send({ target: `/orders/${id * 7}`, address: '198.51.100.9' }, 403)
    let verdict = send(injection)
    for (let index = 0; index < 6; index += 1) verdict = send({ ...injection, target: `${injection.target}+${index}` })
    expect(verdict).toMatchObject({ kind: 'deny' })
    expect(thymus.parts().quarantine.holds()[0]?.rung).not.toBe('watched')
    expect(thymus.parts().memory.cells().length).toBeGreaterThan(0)
    const second = send({ ...injection, address: '203.0.113.77' })
    expect(second.findings.map(({ layer }) => layer)).toContain('memory')
  })

  it('lets a tolerance keep one finding from acting, in its scope and as long as it lasts', async () => {
    const { send, thymus, clock } = await create()
    const { field, source } = send(injection).findings[0] ?? {}
    if (field === null || field === undefined) throw new Error('the finding has no field')
    const scope = {
      service: field.service,
      method: field.method,
      route: field.route,
      field: `${field.location}:${field.name}`,
      finding: null,
    }
    thymus.parts().tolerances.tolerate(scope, { by: 'anna', reason: 'a search for SQL', untilMs: clock.now() + 60_000 })
    const tolerated = send({ ...injection, address: '198.51.100.30' })
    expect(tolerated.kind).toBe('allow')
    expect(tolerated.findings.find((finding) => finding.source === source)?.shadow).toBe(true)
    expect(
      send({ ...injection, target: injection.target.replace('q=', 'other='), address: '198.51.100.31' }).kind,
    ).toBe('deny')
    clock.advance(120_000)
    expect(send({ ...injection, address: '198.51.100.32' }).kind).toBe('deny')
  })

  it('slows a client that asks faster than its bucket fills', async () => {
    const { thymus, clock } = await create({ innate: { requestsPerSecond: 1, burst: 3 } })
    const kinds = Array.from({ length: 5 }, () => {
      const view = { ...viewOf(ordinary(1)), receivedAtMs: clock.now() }
      return (thymus.engine.admit(view) ?? thymus.engine.inspect(view)).verdict.kind
    })
    expect(kinds).toEqual(['allow', 'allow', 'allow', 'slow', 'slow'])
  })

  it('gives an address one pace, whatever its user agent', async () => {
    const { thymus, clock } = await create({ innate: { requestsPerSecond: 1, burst: 3 } })
    const kinds = Array.from({ length: 5 }, (_, index) => {
      const sketch = { ...ordinary(1), headers: [['User-Agent', `tool${index}/1`]] as const }
      return thymus.engine.inspect({ ...viewOf(sketch), receivedAtMs: clock.now() }).verdict.kind
    })
    expect(kinds).toEqual(['allow', 'allow', 'allow', 'slow', 'slow'])
  })

  it('takes in new settings as a whole and keeps what was learned', async () => {
    const { send, thymus } = await create()
    for (let index = 0; index < 30; index += 1) send(ordinary(index))
    thymus.parts().adaptive.learn()
    const before = thymus.parts().adaptive.progress()
    thymus.reload({ ...thymus.config(), mode: 'monitor' })
    expect(thymus.parts().adaptive.progress()).toEqual(before)
    expect(send(injection)).toMatchObject({ kind: 'allow', mode: 'monitor' })
    expect(() => thymus.reload({ ...thymus.config(), dataDir: 'elsewhere' })).toThrow(
      /dataDir takes effect only after a restart/,
    )
    expect(thymus.config().mode).toBe('monitor')
  })

  it('saves as often as the new settings say', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thymus-engine-'))
    const thymus = await createThymus(
      { dataDir, telemetry: { level: 'silent' }, adaptive: { snapshotEveryMs: 3_600_000 } },
      { clock: createManualClock(1_000_000) },
    )
    open.push(thymus)
    const { config, storage, parts } = thymus
    thymus.reload({ ...config(), adaptive: { ...config().adaptive, snapshotEveryMs: 10 } })
    expect(await storage.snapshots.load('self')).toBeUndefined()
    const inspection = thymus.engine.inspect(viewOf(ordinary(1)))
    thymus.engine.settle(inspection, { status: 200, atMs: 1_000_100 })
    parts().adaptive.learn()
    while ((await storage.snapshots.load('self')) === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    await thymus.close()
    open.pop()
    await rm(dataDir, { recursive: true })
  })

  it('reports a layer that fails and follows its policy', async () => {
    const { send, thymus, events } = await create({ behaviour: { onFault: 'deny' } })
    const { behaviour } = thymus.parts()
    Object.assign(behaviour, {
      inspect: () => {
        throw new Error('broken on purpose')
      },
    })
    expect(send(ordinary(1))).toMatchObject({ kind: 'deny', status: 503, because: 'fault' })
    expect(events).toContainEqual({ kind: 'fault', layer: 'behaviour', message: 'broken on purpose' })
  })

  it("makes a memory cell on a person's word", async () => {
    const { send, thymus } = await create()
    const { referenceId } = send(injection)
    expect(thymus.engine.confirm(referenceId, 'anna')).toBeDefined()
    expect(thymus.engine.confirm('unknown', 'anna')).toBeUndefined()
    expect(thymus.parts().memory.cells()[0]?.confirmedBy).toContain('person:anna')
  })
})
