import { describe, expect, it } from '@jest/globals'
import { Learner } from '../../src/adaptive/learner.ts'
import { loadScoreModel } from '../../src/adaptive/score-model.ts'
import { SelfStore } from '../../src/adaptive/self-store.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { configSchema } from '../../src/config/schema.ts'
import { createReader } from '../support/canonical.ts'
import { createScene, ordinary } from './fixture.ts'

describe('learning from requests with made-up hosts', () => {
  it('keeps its cap on services, since the Host header names them', () => {
    const scene = createScene()
    const servicesOf = (): number => new Set(scene.adaptive.profiles(100_000).map(({ field }) => field.service)).size
    for (let index = 0; index < 300; index += 1) {
      scene.offer({ ...ordinary(index), headers: [['host', `h${index}.example`]] })
    }
    expect(servicesOf()).toBe(8)
    expect(scene.adaptive.progress().dropped).toBeGreaterThan(100)
  })
})

describe('learning from an API that answers every path', () => {
  it('lets one source bring only so many routes, and others bring theirs', () => {
    const scene = createScene()
    const letters = (index: number): string =>
      `x${index.toString(36).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')}`
    for (let index = 0; index < 900; index += 1) {
      scene.offer({
        target: `/${letters(index % 30)}/${letters(Math.floor(index / 30))}`,
        method: `M${index % 7}`,
        address: '198.51.100.9',
      })
    }
    expect(scene.catalog.routes().length).toBeLessThanOrEqual(100)
    scene.offer({ target: '/orders', address: '192.0.2.1' })
    expect(scene.catalog.match('api.test', 'GET', '/orders').id).not.toBe(-1)
  })
})

describe('learning what ordinary requests look like', () => {
  const rule = { ...configSchema.parse({}).adaptive, sliceMs: 1_000 }

  /** Requests that moved the tail of the service after `count` searches, ten a slice, of twenty sources. */
  function calibrated(count: number, { isVetted = false, wordAt = (index: number) => `word ${index}` } = {}): number {
    const { catalog, read } = createReader()
    const store = new SelfStore(catalog, 1_000, loadScoreModel(), rule.minSources)
    const judge = { wouldAlarm: () => false, logOdds: () => 5 }
    const options = { store, rule, judge, trusted: null, onSelfValue: () => undefined, inherited: shippedScorer() }
    const learner = new Learner(options)
    for (let index = 0; index < count; index += 1) {
      const target = `/search?q=${encodeURIComponent(wordAt(index))}`
      learner.learn(read({ target, address: `192.0.2.${1 + (index % 20)}`, atMs: index * 100 }), isVetted)
    }
    return store.tail('api.test').requests
  }

  it('begins with strangers when what they send may have become self, and at once where a person vouches', () => {
    expect(rule.minSlices).toBe(3)
    expect(calibrated(30)).toBe(0)
    expect(calibrated(39)).toBe(8)
    expect(calibrated(40, { isVetted: true })).toBe(10)
  })

  it('leaves out strangers of whose values one was turned away', () => {
    const wordAt = (index: number): string => (index % 5 === 0 ? `${index}' union select 1,2,3 --` : `word ${index}`)
    // From number 31 on requests count; of those up to 79 nine are divisible by 5.
    expect(calibrated(80, { wordAt })).toBe(calibrated(80) - 9)
  })
})
