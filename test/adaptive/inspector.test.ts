import { describe, expect, it } from '@jest/globals'
import { createScene, ordinary } from './fixture.ts'

/** Many parameters that nobody has shown, the last one with an attack that any layer would see. */
const crowded = {
  target: `/search?${Array.from({ length: 60 }, (_, at) => `p${at}=value${at}`).join('&')}&z=%27%20or%201%3D1%20--`,
}
const shedEvents = (scene: ReturnType<typeof createScene>) => scene.events.filter(({ kind }) => kind === 'shed')

describe('Inspector', () => {
  it('looks at as much that is new as one request may bring, and says so when more was there', () => {
    const scene = createScene({ maxWork: 1_000 })
    for (let index = 0; index < 60; index += 1) scene.vet(ordinary(index))
    scene.findings(ordinary(61))
    expect(shedEvents(scene)).toEqual([])
    scene.findings(crowded)
    expect(shedEvents(scene)).toEqual([{ kind: 'shed', layer: 'adaptive' }])
    scene.findings(ordinary(62))
    expect(shedEvents(scene)).toHaveLength(1)
  })

  it('sheds nothing of requests of a usual size at the default', () => {
    const scene = createScene()
    for (let index = 0; index < 60; index += 1) scene.vet(ordinary(index))
    scene.findings(crowded)
    expect(shedEvents(scene)).toEqual([])
  })

  it('refuses in a field that somebody has just brought what it would refuse in an unknown one', () => {
    const scene = createScene()
    for (let index = 0; index < 400; index += 1) scene.offer(ordinary(index))
    const attack = { target: '/search?q=amber+basil&page=2&sort=1%27%20union%20select%20password%20from%20users%20--' }
    const acting = (): number =>
      Math.max(0, ...scene.findings(attack).map(({ score, shadow }) => (shadow === true ? 0 : score)))
    expect(acting()).toBeGreaterThan(0.5)
    for (let index = 0; index < 3; index += 1) {
      scene.offer({
        target: `/search?q=amber+basil&page=2&sort=${index}`,
        address: '198.51.100.7',
        atMs: 50_000 + index,
      })
    }
    expect(acting()).toBeGreaterThan(0.5)
  })

  it('compares the path of a route that only one source has used', () => {
    const scene = createScene()
    for (let index = 0; index < 400; index += 1) scene.offer(ordinary(index))
    const attack = {
      target: '/1%27%20union%20select%20password%20from%20users%20--',
      address: '198.51.100.7',
      atMs: 50_000,
    }
    const inPath = (): number =>
      Math.max(0, ...scene.findings(attack).map(({ field, score }) => (field?.location === 'path' ? score : 0)))
    expect(inPath()).toBeGreaterThan(0.5)
    for (let index = 0; index < 3; index += 1) scene.offer({ ...attack, atMs: 50_000 + index })
    expect(inPath()).toBeGreaterThan(0.5)
  })

  it('acts on one new value of a closed field after 5,000 requests of strangers, and waits after 500', () => {
    const states = ['new', 'paid', 'sent', 'lost']
    const orders = (index: number) => ({
      target: `/orders?after=${10_000 + index}&state=${states[index % states.length]}`,
      address: `192.0.2.${1 + (Math.imul(index, 7) % 31)}`,
      atMs: index * 100,
    })
    const scoresAfter = (count: number): readonly number[] => {
      const scene = createScene()
      for (let index = 0; index < count; index += 1) scene.offer(orders(index))
      const asked = { ...orders(count), target: `/orders?after=${10_000 + count}&state=void` }
      expect(scene.findings(orders(count))).toEqual([])
      return scene.findings(asked).flatMap(({ score, shadow }) => (shadow === true ? [] : [score]))
    }
    const deny = 0.97
    expect(Math.max(...scoresAfter(500))).toBeLessThan(deny)
    expect(Math.max(...scoresAfter(5_000))).toBeGreaterThanOrEqual(deny)
  })
})
