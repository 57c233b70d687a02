import { describe, expect, it } from '@jest/globals'
import { type Behaviour, createBehaviour } from '../../src/behaviour/behaviour.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { Client } from '../../src/core/client.ts'
import { createManualClock, type ManualClock } from '../../src/core/clock.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import { clientNamed, type RequestSketch, sketchRequest } from '../support/requests.ts'

const defaults = configSchema.parse({}).behaviour

type Scene = {
  readonly behaviour: Behaviour
  readonly clock: ManualClock
  readonly send: (sketch: RequestSketch, status?: number, isRefused?: boolean) => Finding[]
}

function createScene(config = defaults): Scene {
  const clock = createManualClock(1_700_000_000_000)
  const behaviour = createBehaviour({ config, clock, random: createRandom(1) })
  const send: Scene['send'] = (sketch, status = 200, isRefused = false) => {
    const findings: Finding[] = []
    const request = sketchRequest(sketch)
    behaviour.inspect(request, findings)
    behaviour.observe(request, { status, atMs: clock.now(), isRefused })
    return findings
  }
  return { behaviour, clock, send }
}

const order = (client: Client, id: number | string): RequestSketch => ({
  client,
  template: '/orders/{int}',
  path: `/orders/${id}`,
})
const product = (client: Client, id: number): RequestSketch => ({
  client,
  template: '/products/{int}',
  path: `/products/${id}`,
})

/** Ordinary customers: their own few orders again and again, and a shared catalogue. */
function warmUp({ clock, send }: Scene, minutes = 4): number {
  let worst = 0
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let who = 0; who < 25; who += 1) {
      const client = clientNamed(`customer-${who}`)
      for (let step = 0; step < 4; step += 1) {
        for (const finding of send(order(client, 1_000 + who * 3 + (step % 3)))) worst = Math.max(worst, finding.score)
        for (const finding of send(product(client, 1 + ((who * 7 + step * 5) % 40))))
          worst = Math.max(worst, finding.score)
      }
      clock.advance(2_400)
    }
  }
  return worst
}

function worst(findings: readonly Finding[], source?: string): number {
  return findings
    .filter((finding) => source === undefined || finding.source === source)
    .reduce((most, { score }) => Math.max(most, score), 0)
}

describe('object walks', () => {
  it('stays silent about ordinary customers', () => {
    expect(warmUp(createScene(), 6)).toBe(0)
  })

  it('finds a walk through orders that are refused, within a handful of requests', () => {
    const scene = createScene()
    warmUp(scene)
    const walker = clientNamed('walker')
    let first = 0
    let last = 0
    for (let step = 1; step <= 20; step += 1) {
      scene.clock.advance(250)
      last = worst(scene.send(order(walker, 2_000 + step), step % 5 === 0 ? 200 : 403), 'object-walk')
      if (first === 0 && last > 0) first = step
    }
    expect(first).toBeGreaterThanOrEqual(5)
    expect(first).toBeLessThanOrEqual(10)
    expect(last).toBeGreaterThanOrEqual(0.8)
  })

  it('finds a walk through private objects that a broken API gives away', () => {
    const scene = createScene()
    warmUp(scene)
    const walker = clientNamed('walker')
    let found: Finding[] = []
    // Random order and slow, so that only the ownership of the objects tells.
    for (let step = 0; step < 20; step += 1) {
      scene.clock.advance(1_500)
      found = scene.send(order(walker, 1_000 + ((step * 31) % 74)))
    }
    expect(worst(found, 'object-walk')).toBeGreaterThanOrEqual(0.7)
    expect(found[0]?.reason).toContain('belonged to other clients')
    expect(found[0]?.field).toMatchObject({ route: '/orders/{int}', location: 'path', name: 'id' })
  })

  it('finds a fast walk in order even while nothing is known of others', () => {
    const scene = createScene()
    const walker = clientNamed('walker')
    let found: Finding[] = []
    for (let step = 1; step <= 25; step += 1) {
      scene.clock.advance(100)
      found = scene.send(order(walker, step))
    }
    expect(worst(found, 'object-walk')).toBeGreaterThanOrEqual(0.8)
  })

  it('does not call 30 products that are clicked one after the other a walk', () => {
    const scene = createScene()
    warmUp(scene)
    const reader = clientNamed('reader')
    let most = 0
    for (let step = 1; step <= 30; step += 1) {
      scene.clock.advance(1_800)
      most = Math.max(most, worst(scene.send(product(reader, step))))
    }
    expect(most).toBe(0)
  })

  it('does not call a page that loads its ten products at once a walk of high score', () => {
    const scene = createScene()
    warmUp(scene)
    const page = clientNamed('page')
    let most = 0
    for (let round = 0; round < 5; round += 1) {
      for (let step = 1; step <= 9; step += 1) most = Math.max(most, worst(scene.send(product(page, step))))
      scene.clock.advance(9_000)
    }
    expect(most).toBeLessThan(0.5)
  })

  it('does not call a poll of the same fifteen orders a walk, window after window', () => {
    const scene = createScene()
    const poller = clientNamed('poller')
    let most = 0
    for (let round = 0; round < 30; round += 1) {
      for (let step = 0; step < 15; step += 1)
        most = Math.max(most, worst(scene.send(order(poller, 70_000 + step * 911))))
      scene.clock.advance(20_000)
    }
    expect(most).toBe(0)
  })

  it('does not make the owner a stranger after a walker has seen everything', () => {
    const scene = createScene()
    warmUp(scene)
    const walker = clientNamed('walker')
    for (let step = 0; step < 75; step += 1) {
      scene.clock.advance(100)
      scene.send(order(walker, 1_000 + step))
    }
    let most = 0
    for (let step = 0; step < 12; step += 1) {
      scene.clock.advance(3_000)
      most = Math.max(most, worst(scene.send(order(clientNamed('customer-3'), 1_009 + (step % 3)))))
    }
    expect(most).toBe(0)
  })

  it('reads ids from query, form and top-level JSON, and no page numbers', () => {
    const walkBy = (name: string, location: 'query' | 'form' | 'json'): number => {
      const scene = createScene()
      let most = 0
      for (let step = 1; step <= 25; step += 1) {
        scene.clock.advance(50)
        const fields = [{ location, name, value: String(step) }]
        most = Math.max(most, worst(scene.send({ client: clientNamed('w'), template: '/find', path: '/find', fields })))
      }
      return most
    }
    const walks = [
      ['id', 'query'],
      ['orderId', 'query'],
      ['order_id', 'form'],
      ['/orderId', 'json'],
      ['uuid', 'query'],
    ] as const
    const others = [
      ['page', 'query'],
      ['valid', 'query'],
      ['/items/[]/productId', 'json'],
    ] as const
    for (const [name, location] of walks) expect([name, walkBy(name, location) >= 0.8]).toEqual([name, true])
    for (const [name, location] of others) expect([name, walkBy(name, location)]).toEqual([name, 0])
    expect(walks.length + others.length).toBe(8)
  })
})

describe('failed sign-ins', () => {
  const signIn = (client: Client, account: string): RequestSketch => ({
    client,
    method: 'POST',
    template: '/sign-in',
    path: '/sign-in',
    fields: [
      { location: 'json', name: '/email', value: account },
      { location: 'json', name: '/password', value: 'guess' },
    ],
  })

  it('finds stuffing over many accounts at the configured number', () => {
    const scene = createScene()
    const found: number[] = []
    for (let step = 0; step < 12; step += 1) {
      scene.clock.advance(900)
      found.push(worst(scene.send(signIn(clientNamed('stuffer'), `user${step}@example.test`), 401), 'failed-sign-ins'))
    }
    expect(found.slice(0, defaults.maxFailedSignIns).every((score) => score === 0)).toBe(true)
    expect(found.at(-1)).toBeGreaterThanOrEqual(0.8)
  })

  it('gives one person with one account twice as many tries', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 12; step += 1) {
      scene.clock.advance(2_000)
      most = Math.max(
        most,
        worst(scene.send(signIn(clientNamed('forgetful'), 'me@example.test'), 401), 'failed-sign-ins'),
      )
    }
    expect(most).toBe(0)
  })

  it('does not blame an office where most sign-ins succeed', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 40; step += 1) {
      scene.clock.advance(700)
      const status = step % 3 === 0 ? 401 : 200
      most = Math.max(most, worst(scene.send(signIn(clientNamed('office'), `user${step}@example.test`), status)))
    }
    expect(most).toBe(0)
  })

  it('does not take polls with an expired token for sign-ins', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 30; step += 1) {
      scene.clock.advance(500)
      const rawHeaders = ['Authorization', 'Bearer expired']
      most = Math.max(
        most,
        worst(scene.send({ client: clientNamed('p'), template: '/me', path: '/me', rawHeaders }, 401)),
      )
    }
    expect(most).toBe(0)
  })

  it('counts Basic credentials, each pair as an account', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 12; step += 1) {
      const rawHeaders = ['authorization', `Basic ${Buffer.from(`u${step}:p`).toString('base64')}`]
      most = Math.max(
        most,
        worst(scene.send({ client: clientNamed('b'), template: '/me', path: '/me', rawHeaders }, 401)),
      )
    }
    expect(most).toBeGreaterThanOrEqual(0.8)
  })
})

describe('errors and unknown routes', () => {
  const probe = (client: Client, step: number): RequestSketch => ({
    client,
    template: `/old/file${step}.bak`,
    path: `/old/file${step}.bak`,
    routeId: -1,
  })

  it('finds a search for hidden paths', () => {
    const scene = createScene()
    warmUp(scene)
    let found: Finding[] = []
    for (let step = 0; step < 20; step += 1) found = scene.send(probe(clientNamed('scanner'), step), 404)
    expect(worst(found, 'unknown-routes')).toBeGreaterThanOrEqual(0.8)
    expect(worst(found, 'error-share')).toBeGreaterThanOrEqual(0.7)
  })

  it('says nothing about unknown paths that answer: a new version of the API', () => {
    const scene = createScene()
    warmUp(scene)
    let most = 0
    for (let step = 0; step < 20; step += 1)
      most = Math.max(most, worst(scene.send(probe(clientNamed('early'), step), 200)))
    expect(most).toBe(0)
  })

  it('says nothing about unknown paths while everything is unknown', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 8; step += 1)
      most = Math.max(most, worst(scene.send(probe(clientNamed(`c${step}`), step), 404), 'unknown-routes'))
    expect(most).toBe(0)
  })

  it('tolerates a client that polls one missing thing', () => {
    const scene = createScene()
    let most = 0
    for (let step = 0; step < 60; step += 1) {
      scene.clock.advance(800)
      most = Math.max(most, worst(scene.send(order(clientNamed('stale'), 7), 404)))
    }
    expect(most).toBe(0)
  })

  it('tolerates errors that a route gives to everybody', () => {
    const scene = createScene()
    const sync = (who: number, step: number): RequestSketch => ({
      client: clientNamed(`sync-${who}`),
      template: '/dav/{token}',
      path: `/dav/thing${step}`,
    })
    for (let who = 0; who < 30; who += 1) for (let step = 0; step < 3; step += 1) scene.send(sync(who, step), 404)
    let most = 0
    for (let step = 0; step < 18; step += 1) most = Math.max(most, worst(scene.send(sync(99, step), 404)))
    expect(most).toBeLessThan(0.5)
  })

  it('does not count what Thymus refused, nor an upstream that is away', () => {
    const scene = createScene()
    warmUp(scene)
    let most = 0
    for (let step = 0; step < 40; step += 1) {
      const sketch = { client: clientNamed('x'), template: '/things', path: `/things/${step}` }
      most = Math.max(most, worst(scene.send(sketch, 403, true)), worst(scene.send(sketch, 502)))
    }
    expect(most).toBe(0)
    expect(scene.behaviour.conduct('address:x')).toMatchObject({ errors: 0, requests: 80 })
  })
})

describe('windows and caps', () => {
  it('forgets what is older than the window', () => {
    const scene = createScene()
    for (let step = 1; step <= 40; step += 1) scene.send(order(clientNamed('w'), step), 403)
    scene.clock.advance(2 * defaults.windowMs)
    expect(scene.send(order(clientNamed('w'), 1))).toEqual([])
    expect(scene.behaviour.conduct('address:w')).toMatchObject({ requests: 1, distinctObjects: 1, errors: 0 })
  })

  it('follows no more clients than configured and counts the rest', () => {
    const scene = createScene({ ...defaults, maxClients: 10 })
    for (let who = 0; who < 25; who += 1) scene.send(order(clientNamed(`c${who}`), 1))
    expect(scene.behaviour.list(100)).toHaveLength(10)
    expect(scene.behaviour.dropped()).toBe(15)
    expect(scene.behaviour.list(1)[0]?.clientId).toBe('address:c24')
  })

  it('forgets clients that have been silent for long, a few for each one that comes', () => {
    const scene = createScene()
    for (let who = 0; who < 100; who += 1) scene.send(order(clientNamed(`old${who}`), 1))
    scene.clock.advance(11 * defaults.windowMs)
    for (let who = 0; who < 60; who += 1) scene.send(order(clientNamed(`new${who}`), 1))
    expect(scene.behaviour.list(1_000)).toHaveLength(60)
    expect(scene.behaviour.dropped()).toBe(0)
  })

  it('counts active clients without going through them', () => {
    const scene = createScene()
    for (let who = 0; who < 25; who += 1) scene.send(order(clientNamed(`c${who}`), 1))
    expect(scene.behaviour.activeClients()).toBe(25)
    scene.clock.advance(3 * defaults.windowMs)
    expect(scene.behaviour.activeClients()).toBe(0)
  })

  it('lists the routes that answered the client', () => {
    const scene = createScene()
    scene.send(order(clientNamed('c'), 1), 200)
    scene.send(product(clientNamed('c'), 1), 404)
    expect(scene.behaviour.conduct('address:c')?.routes).toEqual(['GET /orders/{int}'])
    expect(scene.behaviour.conduct('address:nobody')).toBeUndefined()
  })

  it('notices a burst only against what busy clients do', () => {
    const scene = createScene()
    const burst = (): number => {
      let most = 0
      for (let step = 0; step < 400; step += 1)
        most = Math.max(
          most,
          worst(scene.send({ client: clientNamed('b'), template: '/list', path: '/list' }), 'burst'),
        )
      return most
    }
    expect(burst()).toBe(0)
    warmUp(scene, 8)
    const found = burst()
    expect(found).toBeGreaterThanOrEqual(0.4)
    expect(found).toBeLessThanOrEqual(0.6)
  })
})
