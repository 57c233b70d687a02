import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Config, configSchema } from '../../src/config/schema.ts'
import { createManualClock, type ManualClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import type { Finding, Layer } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import { createQuarantine, type Hold, type Quarantine } from '../../src/quarantine/quarantine.ts'
import { createRecordLog, type OpenRecordLog } from '../../src/storage/create-record-log.ts'
import { clientNamed } from '../support/requests.ts'

const defaults = configSchema.parse({}).quarantine
const many = 10_000

type Scene = {
  readonly quarantine: Quarantine
  readonly records: OpenRecordLog
  readonly clock: ManualClock
  readonly events: ThymusEvent[]
}

function createScene(
  options: { config?: Partial<Config['quarantine']>; node?: string; clock?: ManualClock; records?: OpenRecordLog } = {},
): Scene {
  const clock = options.clock ?? createManualClock(1_700_000_000_000)
  const node = options.node ?? 'node-a'
  const records = options.records ?? createRecordLog({ nodeId: node, clock })
  const events: ThymusEvent[] = []
  const quarantine = createQuarantine({
    config: { ...defaults, ...options.config },
    records,
    clock,
    random: createRandom(1),
    emit: (event) => events.push(event),
    origin: node,
    routesOf: () => ['GET /orders/{int}', 'GET /profile', 'POST /orders'],
  })
  return { quarantine, records, clock, events }
}

let serial = 0
/** A finding of a source of its own, so that it counts as something new. */
function said(layer: Layer, score = 0.9, overrides: Partial<Finding> = {}): Finding {
  serial += 1
  const field = {
    service: 'api',
    method: 'GET',
    route: '/orders/{int}',
    location: 'query',
    name: `q${serial}`,
  } as const
  return {
    layer,
    source: `${layer}-${serial}`,
    field,
    score,
    reason: `The ${layer} layer saw something.`,
    ...overrides,
  }
}

/** Two requests with two strong kinds of evidence. */
function isolate({ quarantine }: Scene, name: string, active = many): Hold | undefined {
  quarantine.accuse(clientNamed(name), [said('innate'), said('behaviour')], active)
  return quarantine.accuse(clientNamed(name), [said('innate'), said('adaptive')], active)
}

/** Hands all records of one node to another, as the store between them would. */
function exchangeRecords(from: OpenRecordLog, to: OpenRecordLog): void {
  for (const { text } of from.stored()) to.receive(text)
}

describe('quarantine', () => {
  it('isolates a client whose payloads are refused and that walks through objects, after a handful of requests', () => {
    const scene = createScene()
    const attacker = clientNamed('attacker')
    expect(scene.quarantine.accuse(attacker, [said('innate')], 40)?.rung).toBe('watched')
    expect(scene.quarantine.lookup(attacker.id)).toBeUndefined()
    expect(scene.quarantine.accuse(attacker, [said('innate')], 40)?.rung).toBe('watched')
    const hold = scene.quarantine.accuse(attacker, [said('behaviour', 0.85)], 40)
    expect(hold).toMatchObject({ rung: 'isolated', by: 'machine', basis: 'two-kinds', origin: 'node-a' })
    expect(hold?.reasons).toHaveLength(2)
    expect(scene.quarantine.lookup(attacker.id)).toBe(hold)
    expect(scene.events.filter((event) => event.kind === 'hold')).toHaveLength(1)
  })

  it('gives each weight of evidence its rung', () => {
    const cases: readonly (readonly [string, readonly (readonly Finding[])[], string | undefined])[] = [
      ['one request, two strong kinds', [[said('innate'), said('adaptive')]], 'slowed'],
      ['one request, two weak kinds', [[said('innate', 0.6), said('adaptive', 0.6)]], 'watched'],
      ['two requests, two weak kinds', [[said('innate', 0.6)], [said('adaptive', 0.6)]], 'slowed'],
      ['three requests, one strong kind', [[said('innate')], [said('innate')], [said('behaviour', 0.6)]], 'restricted'],
      ['a recall and a strong kind at once', [[said('memory', 0.6), said('innate')]], 'isolated'],
      ['a recall and what cells are made from, at once', [[said('memory', 0.6), said('adaptive')]], 'slowed'],
      ['one strong kind, three times', [[said('adaptive')], [said('adaptive')], [said('adaptive')]], 'watched'],
      ['one strong kind, insistent', Array.from({ length: 6 }, () => [said('adaptive')]), 'slowed'],
      ['shadow findings', [[said('innate', 1, { shadow: true }), said('adaptive', 1, { shadow: true })]], undefined],
      ['faint findings', [[said('innate', 0.3)], [said('adaptive', 0.4)]], undefined],
      ['scores that are no numbers', [[said('innate', Number.NaN)], [said('adaptive', Number.NaN)]], undefined],
    ]
    for (const [name, requests, rung] of cases) {
      const scene = createScene()
      for (const findings of requests) scene.quarantine.accuse(clientNamed('c'), findings, many)
      expect([name, scene.quarantine.holds()[0]?.rung]).toEqual([name, rung])
    }
    expect(cases).toHaveLength(11)
  })

  it('counts the same evidence once, however often it comes', () => {
    const scene = createScene()
    const findings = [said('innate'), said('adaptive')]
    for (let step = 0; step < 30; step += 1) scene.quarantine.accuse(clientNamed('c'), findings, many)
    expect(scene.quarantine.lookup(clientNamed('c').id)?.rung).toBe('slowed')
  })

  it('forgets evidence after its time', () => {
    const scene = createScene()
    scene.quarantine.accuse(clientNamed('c'), [said('innate')], many)
    expect(scene.quarantine.isCorroborated(clientNamed('c').id)).toBe(false)
    scene.clock.advance(defaults.evidenceTtlMs)
    scene.quarantine.accuse(clientNamed('c'), [said('adaptive')], many)
    expect(scene.quarantine.isCorroborated(clientNamed('c').id)).toBe(false)
    scene.quarantine.accuse(clientNamed('c'), [said('innate')], many)
    expect(scene.quarantine.isCorroborated(clientNamed('c').id)).toBe(true)
  })

  const step = fc.record({
    gapMs: fc.oneof(fc.nat(2_000), fc.nat(400_000)),
    layer: fc.constantFrom<Layer>('innate', 'memory', 'adaptive', 'behaviour'),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    isClean: fc.boolean(),
  })
  type Step = { readonly gapMs: number; readonly layer: Layer; readonly score: number; readonly isClean: boolean }

  /** Plays the steps of one client and shows each hold that is in force. */
  function play(scene: Scene, steps: readonly Step[], visit: (hold: Hold | undefined) => void): void {
    const client = clientNamed('c')
    for (const { gapMs, isClean, layer, score } of steps) {
      scene.clock.advance(gapMs)
      if (isClean) scene.quarantine.acquit(client.id)
      else scene.quarantine.accuse(client, [said(layer, score)], many)
      visit(scene.quarantine.lookup(client.id))
    }
  }

  it('ends every hold, over random accusations', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const scene = createScene()
        play(scene, steps, (hold) => {
          expect(hold?.untilMs ?? 0).toBeLessThanOrEqual(scene.clock.now() + defaults.maxTtlMs)
        })
        scene.clock.advance(defaults.maxTtlMs)
        expect(scene.quarantine.lookup(clientNamed('c').id)).toBeUndefined()
        expect(scene.quarantine.holds()).toEqual([])
      }),
    )
  })

  it('never lets one layer alone hold a client beyond the shortest time, over random accusations', () => {
    const layer = fc.constantFrom<Layer>('innate', 'memory', 'adaptive', 'behaviour')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), layer, (steps, only) => {
        const scene = createScene()
        let heldSince: number | undefined
        play(
          scene,
          steps.map((one) => ({ ...one, layer: only })),
          (hold) => {
            heldSince = hold === undefined ? undefined : (heldSince ?? hold.sinceMs)
            expect(['slowed', undefined]).toContain(hold?.rung)
            expect((hold?.untilMs ?? 0) - (heldSince ?? 0)).toBeLessThanOrEqual(defaults.ttlMs)
          },
        )
      }),
    )
  })

  it('lets a client go after clean requests, rung by rung', () => {
    const scene = createScene()
    isolate(scene, 'c')
    const seen: (string | undefined)[] = []
    for (let step = 0; step < 80; step += 1) {
      scene.quarantine.acquit(clientNamed('c').id)
      if (step % 20 === 19) seen.push(scene.quarantine.holds()[0]?.rung)
    }
    expect(seen).toEqual(['restricted', 'slowed', 'watched', undefined])
  })
})

describe('what a hold lets through', () => {
  it('lets one request through per interval when slowed', () => {
    const scene = createScene()
    const hold = scene.quarantine.accuse(clientNamed('c'), [said('innate'), said('adaptive')], many)
    if (hold === undefined) throw new Error('expected a hold')
    expect(hold.retryAfterMs).toBe(2_000)
    const answers = [0, 0, 500, 1_499, 1, 1_999].map((gapMs) => {
      scene.clock.advance(gapMs)
      return scene.quarantine.permits(hold, 'POST', '/orders')
    })
    expect(answers).toEqual([true, false, false, false, true, false])
    expect(scene.quarantine.retryAfterMs(hold)).toBe(1)
  })

  it('lets a restricted client read what it has used before, but not what it is accused of', () => {
    const scene = createScene()
    const client = clientNamed('c')
    for (const layer of ['innate', 'innate'] as const) scene.quarantine.accuse(client, [said(layer)], many)
    const hold = scene.quarantine.accuse(client, [said('behaviour', 0.6)], many)
    if (hold?.rung !== 'restricted') throw new Error('expected a restricted hold')
    expect(hold.allowedRoutes).toEqual(['GET /profile'])
    const asked = [
      ['GET', '/profile'],
      ['HEAD', '/profile'],
      ['POST', '/profile'],
      ['GET', '/orders/{int}'],
      ['GET', '/admin'],
      ['TRACE', '/profile'],
    ]
    expect(asked.map(([method = '', route = '']) => scene.quarantine.permits(hold, method, route))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('lets nothing of an isolated client through', () => {
    const scene = createScene()
    const hold = isolate(scene, 'c')
    if (hold === undefined) throw new Error('expected a hold')
    expect(scene.quarantine.permits(hold, 'GET', '/profile')).toBe(false)
  })
})

describe("a person's word", () => {
  it('lets a client go, forgets what was said, and holds the machine back for the time of one first hold', () => {
    const scene = createScene()
    const client = clientNamed('c')
    isolate(scene, 'c')
    expect(scene.quarantine.release(client.id, 'ada', 'a customer')).toBe(true)
    expect(scene.quarantine.release(client.id, 'ada', 'a customer')).toBe(false)
    expect(scene.quarantine.lookup(client.id)).toBeUndefined()
    expect(scene.quarantine.isCorroborated(client.id)).toBe(false)
    expect(isolate(scene, 'c')).toBeUndefined()
    scene.clock.advance(defaults.ttlMs)
    expect(scene.quarantine.lookup(client.id)).toBeUndefined()
    expect(isolate(scene, 'c')).toMatchObject({ rung: 'isolated', count: 1 })
    expect(scene.events.filter((event) => event.kind === 'release' && event.by === 'ada')).toHaveLength(1)
  })

  it('extends a hold, up to the longest, and then outranks the machine', () => {
    const scene = createScene()
    const client = clientNamed('c')
    scene.quarantine.accuse(client, [said('innate'), said('adaptive')], many)
    const extended = scene.quarantine.extend(client.id, 10 * defaults.maxTtlMs, 'ada')
    expect(extended).toMatchObject({ by: 'person', rung: 'slowed', untilMs: scene.clock.now() + defaults.maxTtlMs })
    expect(extended?.reasons.at(-1)).toBe('Extended by ada.')
    expect(isolate(scene, 'c')?.rung).toBe('slowed')
    expect(scene.quarantine.extend('nobody', 1, 'ada')).toBeUndefined()
  })

  it('exempts a client until a time or for good, and takes it back', () => {
    const scene = createScene()
    const client = clientNamed('c')
    isolate(scene, 'c')
    scene.quarantine.exempt(client.id, { by: 'ada', reason: 'our monitor', untilMs: scene.clock.now() + 60_000 })
    expect(scene.quarantine.lookup(client.id)).toBeUndefined()
    expect(isolate(scene, 'c')).toBeUndefined()
    expect(scene.quarantine.exemptions()).toHaveLength(1)
    scene.clock.advance(60_000)
    expect(scene.quarantine.exemptions()).toEqual([])
    scene.clock.advance(defaults.ttlMs)
    expect(isolate(scene, 'c')?.rung).toBe('isolated')
    scene.quarantine.exempt(client.id, { by: 'ada', reason: 'for good', untilMs: null })
    scene.clock.advance(30 * 86_400_000)
    expect(isolate(scene, 'c')).toBeUndefined()
    expect(scene.quarantine.unexempt(client.id, 'ada')).toBe(true)
    expect(scene.quarantine.unexempt(client.id, 'ada')).toBe(false)
    expect(isolate(scene, 'c')?.rung).toBe('isolated')
  })

  it('outlives a flood of accused clients that pushes everything else out', () => {
    const scene = createScene({ config: { maxHeld: 3 } })
    isolate(scene, 'held')
    isolate(scene, 'pardoned')
    scene.quarantine.release(clientNamed('pardoned').id, 'ada', 'a customer')
    scene.quarantine.exempt(clientNamed('exempt').id, { by: 'ada', reason: 'ours', untilMs: null })
    for (let who = 0; who < 3_000; who += 1)
      scene.quarantine.accuse(clientNamed(`flood-${who}`), [said('innate')], many)
    expect(scene.quarantine.dropped()).toBeGreaterThan(1_900)
    expect(scene.quarantine.lookup(clientNamed('held').id)?.rung).toBe('isolated')
    expect(isolate(scene, 'pardoned')).toBeUndefined()
    expect(isolate(scene, 'exempt')).toBeUndefined()
    scene.clock.advance(2 * defaults.ttlMs)
    expect(scene.quarantine.holds()).toEqual([])
  })
})

describe('who is never held', () => {
  it('leaves listed addresses and blocks alone, in any notation', () => {
    const scene = createScene({ config: { neverHold: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'] } })
    const spared = ['10.9.8.7', '::ffff:10.1.1.1', '192.0.2.7', '2001:db8::1']
    for (const address of spared) {
      const client = clientNamed(address, address)
      for (let step = 0; step < 5; step += 1)
        scene.quarantine.accuse(client, [said('innate'), said('memory'), said('adaptive')], many)
      expect([address, scene.quarantine.lookup(client.id)]).toEqual([address, undefined])
    }
    expect(spared).toHaveLength(4)
    expect(isolate(scene, 'other')?.rung).toBe('isolated')
  })

  it('refuses to start with an entry that is no address', () => {
    expect(() => createScene({ config: { neverHold: ['10.0.0.0/99'] } })).toThrow(/quarantine\.neverHold/)
  })
})

describe('circuit breaker', () => {
  it('holds no more than its share of active clients, but always three', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 60 }), (active, accused) => {
        const scene = createScene()
        for (let who = 0; who < accused; who += 1) isolate(scene, `c${who}`, active)
        const held = scene.quarantine.holds().filter((hold) => hold.rung !== 'watched').length
        expect(held).toBeLessThanOrEqual(Math.max(3, Math.floor(defaults.maxHeldShare * active)))
        expect(held).toBe(Math.min(accused, Math.max(3, Math.floor(defaults.maxHeldShare * active))))
      }),
      { numRuns: 40 },
    )
  })

  it('never holds more than the absolute cap, and says so once a minute', () => {
    const scene = createScene({ config: { maxHeld: 5 } })
    for (let who = 0; who < 20; who += 1) isolate(scene, `c${who}`)
    expect(scene.quarantine.holds().filter((hold) => hold.rung === 'isolated')).toHaveLength(5)
    const said = () => scene.events.filter((event) => event.kind === 'breaker')
    expect(said()).toHaveLength(1)
    scene.clock.advance(60_000)
    isolate(scene, 'late')
    expect(said()).toHaveLength(2)
  })

  it('stops counting a field that alone would have caused most holds', () => {
    const scene = createScene()
    const field = { service: 'api', method: 'POST', route: '/orders', location: 'json', name: '/coupon' } as const
    const hits = (who: number): Hold | undefined => {
      const client = clientNamed(`c${who}`)
      scene.quarantine.accuse(client, [said('innate', 0.9, { field, source: 'sqli-1' })], many * 1e-3)
      return scene.quarantine.accuse(client, [said('adaptive', 0.9, { field, source: 'chunk-1' })], 300)
    }
    for (let who = 0; who < 5; who += 1) expect(hits(who)?.rung).toBe('isolated')
    expect(scene.quarantine.silenced()).toContain('api POST /orders json:/coupon')
    expect(hits(99)).toBeUndefined()
    const loud = scene.events
      .filter((event) => event.kind === 'breaker')
      .map((event) => event.kind === 'breaker' && event.subject)
    expect(loud).toContain('api POST /orders json:/coupon')
    scene.clock.advance(defaults.evidenceTtlMs * 6)
    expect(scene.quarantine.silenced()).toEqual([])
  })

  it('goes on counting sources when attackers have nothing in common but being attackers', () => {
    const scene = createScene()
    for (let who = 0; who < 12; who += 1) isolate(scene, `c${who}`)
    expect(scene.quarantine.silenced()).toEqual([])
    expect(scene.quarantine.holds()).toHaveLength(12)
  })
})

describe('holds as records', () => {
  it('keeps holds, exemptions and the number of holds over a restart', () => {
    const scene = createScene()
    isolate(scene, 'c')
    scene.quarantine.exempt(clientNamed('e').id, { by: 'ada', reason: 'ours', untilMs: null })
    const records = createRecordLog({ nodeId: 'node-a', clock: scene.clock, initial: scene.records.stored() })
    const after = createScene({ clock: scene.clock, records })
    expect(after.quarantine.lookup(clientNamed('c').id)).toMatchObject({ rung: 'isolated', count: 1 })
    expect(after.quarantine.exemptions()).toHaveLength(1)
    scene.clock.advance(2 * defaults.ttlMs)
    expect(after.quarantine.lookup(clientNamed('c').id)).toBeUndefined()
    expect(isolate(after, 'c')).toMatchObject({ count: 2 })
  })

  it("applies a peer's hold, its release and its exemption", () => {
    const clock = createManualClock(1_700_000_000_000)
    const a = createScene({ clock, node: 'node-a' })
    const b = createScene({ clock, node: 'node-b' })
    const { id } = clientNamed('c')
    isolate(a, 'c')
    exchangeRecords(a.records, b.records)
    expect(b.quarantine.lookup(id)).toMatchObject({ rung: 'isolated', origin: 'node-a' })
    clock.advance(1_000)
    b.quarantine.release(id, 'ada', 'a customer')
    exchangeRecords(b.records, a.records)
    expect(a.quarantine.lookup(id)).toBeUndefined()
    expect(isolate(a, 'c')).toBeUndefined()
    clock.advance(defaults.ttlMs)
    expect(isolate(a, 'c')?.rung).toBe('isolated')
    exchangeRecords(a.records, b.records)
    expect(b.quarantine.lookup(id)?.rung).toBe('isolated')
    a.quarantine.exempt(id, { by: 'ada', reason: 'ours', untilMs: null })
    exchangeRecords(a.records, b.records)
    expect(b.quarantine.lookup(id)).toBeUndefined()
    expect(isolate(b, 'c')).toBeUndefined()
    a.quarantine.unexempt(id, 'ada')
    exchangeRecords(a.records, b.records)
    clock.advance(defaults.ttlMs)
    expect(isolate(b, 'c')?.rung).toBe('isolated')
  })

  it('ignores records that do not have the expected form, and says so', () => {
    const clock = createManualClock(1_700_000_000_000)
    const scene = createScene({ clock, node: 'node-b' })
    const peer = createRecordLog({ nodeId: 'node-a', clock })
    const expiresAtMs = clock.now() + 1_000
    peer.append({ kind: 'hold', subject: 'c1', rank: 'machine', expiresAtMs, body: { rung: 'eaten' } })
    peer.append({ kind: 'exemption', subject: 'c2', rank: 'person', expiresAtMs, body: {} })
    exchangeRecords(peer, scene.records)
    expect(scene.quarantine.holds()).toEqual([])
    expect(scene.events.filter((event) => event.kind === 'fault')).toHaveLength(2)
  })

  it('cuts what a peer says to its own longest hold and its own cap', () => {
    const clock = createManualClock(1_700_000_000_000)
    const wide = createScene({
      clock,
      node: 'node-a',
      config: { maxTtlMs: 10 * defaults.maxTtlMs, ttlMs: 5 * defaults.maxTtlMs },
    })
    const narrow = createScene({ clock, node: 'node-b', config: { maxHeld: 4 } })
    for (let who = 0; who < 9; who += 1) isolate(wide, `c${who}`)
    exchangeRecords(wide.records, narrow.records)
    const holds = narrow.quarantine.holds()
    expect(holds).toHaveLength(4)
    for (const hold of holds) expect(hold.untilMs).toBeLessThanOrEqual(clock.now() + defaults.maxTtlMs)
  })

  it('follows the log until it is closed, and its successor takes over what is in force', () => {
    const clock = createManualClock(1_700_000_000_000)
    const a = createScene({ clock, node: 'node-a' })
    const before = createScene({ clock, node: 'node-b' })
    isolate(a, 'c')
    exchangeRecords(a.records, before.records)
    before.quarantine.close()
    const after = createScene({ clock, node: 'node-b', records: before.records })
    expect(after.quarantine.lookup(clientNamed('c').id)?.rung).toBe('isolated')
    isolate(a, 'd')
    exchangeRecords(a.records, before.records)
    expect(before.quarantine.lookup(clientNamed('d').id)).toBeUndefined()
    expect(after.quarantine.lookup(clientNamed('d').id)?.rung).toBe('isolated')
  })

  it('does nothing when it is switched off', () => {
    const scene = createScene({ config: { enabled: false } })
    expect(isolate(scene, 'c')).toBeUndefined()
    expect(scene.records.list('hold')).toEqual([])
  })
})
