import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Sketch } from '../support/canonical.ts'
import { createScene, ordinary, strange } from './fixture.ts'

/** The same with a number that is new each time: no two requests are equal. */
const distinct = (index: number): Sketch => ({
  ...ordinary(index),
  target: `${ordinary(index).target}&ref=${1_000 + index}`,
})
const strangeOne = { target: `${strange.target}&ref=1500` }

const learned = (count: number, { sketchAt = ordinary, ...settings } = {}) => {
  const scene = createScene(settings)
  for (let index = 0; index < count; index += 1) scene.offer(sketchAt(index))
  const worst = (sketch: Sketch): number => Math.max(0, ...scene.findings(sketch).map(({ score }) => score))
  return { ...scene, worst }
}

describe('createAdaptive', () => {
  it('is silent before anything was learned', () => {
    const scene = createScene()
    expect(scene.findings(strange)).toEqual([])
    expect(scene.adaptive.progress()).toMatchObject({ state: 'embryo', samples: 0, missing: ['0 of 40 requests'] })
  })

  it('only watches while it learns, and says what is missing', () => {
    const scene = learned(20)
    const findings = scene.findings(strange)
    expect(findings.length).toBeGreaterThan(0)
    expect(findings.every(({ shadow }) => shadow === true)).toBe(true)
    expect(scene.adaptive.progress().missing).toContain('20 of 40 requests')
  })

  it('acts on what self never showed once it is mature, and says why', () => {
    const scene = learned(400, { sketchAt: distinct })
    const [finding] = scene.findings(strangeOne).sort((a, b) => b.score - a.score)
    expect(finding).toMatchObject({ layer: 'adaptive', field: { route: '/search', location: 'query', name: 'q' } })
    expect(finding?.shadow).toBeUndefined()
    expect(finding?.score).toBeGreaterThan(0.9)
    expect(finding?.reason).toMatch(
      /query field "q" holds .*unseen character patterns \(.+\(\d+ values of this field learned; self there is .+; p = /,
    )
  })

  it('is surer of what reads like an attack as well', () => {
    const scene = learned(400, { sketchAt: distinct })
    const attack = { target: '/search?q=1%27%20union%20select%20password%20from%20users--&page=2&ref=1500' }
    expect(scene.worst(attack)).toBeGreaterThan(0.97)
  })

  it('has nothing to say about values like those it learned', () => {
    const scene = learned(80)
    for (let index = 0; index < 60; index += 1) expect(scene.findings(ordinary(index * 7))).toEqual([])
  })

  it('reports a parameter that a mature route never had, the more surely the more it has seen', () => {
    const debug = { target: `${distinct(1).target}&debug=1` }
    const scores = [100, 800].map((count) => {
      const found = learned(count, { sketchAt: distinct }).findings(debug)
      const finding = found.find(({ source }) => source === 'request-name')
      expect(finding).toMatchObject({ field: { name: 'debug' } })
      return finding?.score ?? 0
    })
    expect(scores[1]).toBeGreaterThan(scores[0] ?? 1)
  })

  it('does not become mature by the traffic of a single source', () => {
    const scene = createScene()
    for (let index = 0; index < 400; index += 1) scene.offer({ ...ordinary(index), address: '192.0.2.1' })
    expect(scene.adaptive.progress().fields.mature).toBe(0)
    expect(scene.adaptive.progress().missing.join()).toContain('1 of 4 sources')
  })

  it('cannot be taught an attack by three sources over a long time', () => {
    const scene = learned(400, { sketchAt: distinct })
    const before = scene.worst(strangeOne)
    for (let index = 0; index < 300; index += 1) {
      scene.offer({ ...strangeOne, address: `203.0.113.${index % 3}`, atMs: 41_000 + index * 100 })
    }
    expect(scene.worst(strangeOne)).toBeGreaterThan(before - 0.2)
  })

  it('cannot be taught an attack by a burst of fifty sources', () => {
    const scene = learned(400, { sketchAt: distinct })
    const before = scene.worst(strangeOne)
    for (let index = 0; index < 500; index += 1) {
      scene.offer({ ...strangeOne, address: `198.51.100.${index % 50}`, atMs: 50_000 + index })
    }
    expect(scene.worst(strangeOne)).toBeGreaterThan(before - 0.2)
  })

  it('learns what many sources do over time, as after a deploy', () => {
    const scene = learned(80)
    const fresh = { target: '/search?q=amber+basil&page=2&sort=price:asc' }
    for (let index = 0; index < 600; index += 1) {
      scene.offer({ ...fresh, address: `192.0.2.${1 + (index % 40)}`, atMs: 9_000 + index * 50 })
    }
    expect(scene.findings(fresh)).toEqual([])
  })

  it('learns at once what a person vouches for, and only that', () => {
    const scene = learned(80)
    scene.vet(strange)
    expect(scene.findings(strange)).toEqual([])
    expect(scene.findings({ target: '/search?q=%27%20OR%201%3D1--&page=2' }).length).toBeGreaterThan(0)
  })

  it('is silent on every self value that its detectors were screened against', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', 'B', '7', ' ', "'", '<', '/', '=', ';', 'é'),
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const scene = createScene()
        const sketches = values.map((text) => ({ target: `/s?q=${encodeURIComponent(text)}` }))
        for (const sketch of sketches) scene.vet(sketch)
        for (const sketch of sketches) expect(scene.findings(sketch)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the record of detectors that matched, and retires those that self has caught up with', () => {
    const scene = learned(80)
    scene.findings(strange)
    const detectors = scene.adaptive.detectors(10)
    expect(detectors[0]).toMatchObject({ state: 'mature', matches: 1, field: { name: 'q' } })
    expect(detectors[0]?.screenedAgainst).toBeGreaterThan(40)
    scene.vet(strange)
    scene.adaptive.learn()
    expect(scene.adaptive.detectors(10).every(({ state }) => state === 'retired')).toBe(true)
  })

  it('comes back after a restart with the same findings', () => {
    const scene = learned(80)
    scene.findings(strange)
    const copy = createScene()
    copy.adaptive.restore(scene.adaptive.save())
    expect(copy.adaptive.progress()).toEqual(scene.adaptive.progress())
    expect(copy.findings(strange)).toEqual(scene.findings(strange))
    expect(copy.adaptive.detectors(10)).toEqual(scene.adaptive.detectors(10))
    expect(copy.adaptive.save()).toEqual(scene.adaptive.save())
  })

  it('makes the same repertoire of the same traffic', () => {
    expect(Buffer.from(learned(90).adaptive.save()).equals(Buffer.from(learned(90).adaptive.save()))).toBe(true)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['cut bytes', new Uint8Array(10)],
    ['other bytes', Buffer.alloc(200_000, 7)],
  ])('refuses a snapshot of %s', (_title, bytes) => {
    expect(() => createScene().adaptive.restore(bytes)).toThrow(/saved self profiles/)
  })

  it('holds its cap on profiles', () => {
    const scene = createScene({ maxProfiles: 20 })
    for (let index = 0; index < 30; index += 1) scene.vet({ target: `/r?${'p'.repeat(index + 1)}=1` })
    const { fields, dropped } = scene.adaptive.progress()
    expect(Object.values(fields).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(20)
    expect(dropped).toBeGreaterThan(0)
  })

  it('says once when a service becomes mature', () => {
    const scene = learned(80)
    const states = scene.events.flatMap((event) => (event.kind === 'profile-state' ? [event.state] : []))
    expect(states).toEqual(['embryo', 'learning', 'mature'])
  })
})
