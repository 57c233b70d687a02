import { describe, expect, it } from '@jest/globals'
import { enumerationFeature } from '../../src/adaptive/acting-detectors.ts'
import { DetectorRegistry, detectorSchema } from '../../src/adaptive/detector-registry.ts'
import { detectorBase, typeBase } from '../../src/adaptive/features.ts'

const field = { service: 'api', method: 'GET', route: '/a', location: 'query', name: 'q' } as const
const match = { slot: 4, feature: 7, pattern: 'letter-quote-blank', field, samples: 120, atMs: 1_000 }

function registryWith(...features: number[]): DetectorRegistry {
  const registry = new DetectorRegistry(10)
  for (const feature of features) registry.match({ ...match, feature })
  return registry
}

describe('DetectorRegistry', () => {
  it('records at the first match against how much self a detector was screened, with no match, and counts on', () => {
    const registry = registryWith(7, 7, 7)
    expect(registry.list(10)).toEqual([
      {
        id: 'r3-4-7',
        kind: 'chunk',
        field,
        pattern: 'letter-quote-blank',
        state: 'mature',
        retiredBecause: null,
        screenedAgainst: 120,
        screenedAtMs: 1_000,
        selfMatches: 0,
        matches: 3,
        parent: null,
      },
    ])
  })

  it('tells kinds apart, and names what an inherited detector descends from', () => {
    const listed = registryWith(7, typeBase + 3, enumerationFeature, detectorBase + 9).list(10)
    expect(listed.map(({ id, kind, parent }) => [id.split('-')[0], kind, parent]).reverse()).toEqual([
      ['r3', 'chunk', null],
      ['type', 'type', null],
      ['value', 'value', null],
      ['inherited', 'inherited', 'frozen-scorer'],
    ])
  })

  it('screens again as self grows: a detector that self shows now retires, and keeps its record', () => {
    const registry = registryWith(7, 8)
    registry.screen({ has: (_slot, feature) => feature === 8, samples: () => 500 }, 9_000)
    expect(registry.find('r3-4-7')).toMatchObject({ state: 'mature', screenedAgainst: 500, screenedAtMs: 9_000 })
    const retired = { state: 'retired', retiredBecause: 'matched-self', matches: 1, screenedAtMs: 9_000 }
    expect(registry.find('r3-4-8')).toMatchObject({ ...retired, selfMatches: 1 })
  })

  it('is born again when self has forgotten, but not against a word of a person', () => {
    const registry = registryWith(7, 8)
    registry.screen({ has: (_slot, feature) => feature === 8, samples: () => 500 }, 9_000)
    expect(registry.retire('r3-4-7', 10_000)).toMatchObject({ slot: 4, feature: 7 })
    for (const feature of [7, 8]) registry.match({ ...match, feature, samples: 600, atMs: 11_000 })
    expect(registry.find('r3-4-8')).toMatchObject({ state: 'mature', matches: 1, screenedAgainst: 600 })
    expect(registry.find('r3-4-7')).toMatchObject({ state: 'retired', retiredBecause: 'false-positive' })
    expect(registry.retire('r3-9-9', 1)).toBeUndefined()
  })

  it('holds its cap, whatever matches', () => {
    const registry = new DetectorRegistry(50)
    for (let feature = 0; feature < 2_000; feature += 1) registry.match({ ...match, feature, pattern: 'x'.repeat(999) })
    expect(registry.list(5_000)).toHaveLength(50)
    registry.retire('r3-4-1999', 2_000)
    for (let feature = 0; feature < 1_000; feature += 1) registry.match({ ...match, feature, pattern: 'y' })
    expect(registry.overruled()).toMatchObject([{ slot: 4, feature: 1_999 }])
    expect(registry.find('r3-4-1999')).toMatchObject({ state: 'retired', retiredBecause: 'false-positive' })
    expect(Math.max(...registry.list(50).map(({ pattern }) => pattern.length))).toBeLessThanOrEqual(200)
  })

  it('comes back from its saved form as it was, in all states', () => {
    const registry = registryWith(1, 2, 3, 4, 5)
    registry.apply('r3-4-2', { kind: 'corroborated', atMs: 5, by: 'sqli-110' })
    for (const id of ['r3-4-3', 'r3-4-4']) registry.apply(id, { kind: 'corroborated', atMs: 5, by: 'object-walk' })
    registry.apply('r3-4-3', { kind: 'confirmed', atMs: 6 })
    registry.retire('r3-4-4', 7)
    const copy = new DetectorRegistry(10)
    copy.restore(detectorSchema.array().parse(JSON.parse(JSON.stringify(registry.content()))))
    expect(copy.list(10)).toEqual(registry.list(10))
    expect(new Set(copy.list(10).map(({ state }) => state)).size).toBe(4)
  })
})
