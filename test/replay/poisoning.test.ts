import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../src/core/random.ts'
import { benignSources, lessonSlices, lessonsOf } from '../../src/replay/lessons.ts'
import { aimedCategory, divide } from '../../src/replay/poisoning.ts'
import type { Poison } from '../../src/replay/protocol.ts'
import { aimedAt, rareFieldOf } from '../../src/replay/rare-field.ts'
import { isSampled, sampleOf } from '../../src/replay/sampling.ts'
import type { TrafficRecord } from '../../src/replay/traffic-record.ts'

let lines = 0
function record(target: string, more: Partial<TrafficRecord> = {}, body: unknown = null): TrafficRecord {
  lines += 1
  const rawHeaders = [
    'Content-Type',
    typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
  ]
  const bytes = body === null ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const request = { kind: 'parts', method: 'POST', target, rawHeaders, body: bytes } as const
  const base = {
    label: 'benign',
    category: null,
    split: null,
    source: null,
    client: 'c',
    tsMs: null,
    status: null,
  } as const
  return { id: `r${lines}`, line: lines, ...base, request, ...more }
}
const attack = (payload: string) => record(`/a?x=${encodeURIComponent(payload)}`, { label: 'attack', payload })
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_x, i) => make(i))
const poison: Poison = { share: 0.1, sources: 3, kind: 'spread', sliceMs: 1_000 }
const targetOf = ({ request }: TrafficRecord) => (request.kind === 'parts' ? request.target : '')

function sent(options: Partial<Poison>, benignCount = 100) {
  const benign = many(benignCount, (index) => record(`/b?i=${index}`))
  const attacks = many(4, (index) => attack(`'${index}`))
  const lessons = lessonsOf({ benign, attacks, poison: { ...poison, ...options }, startMs: 0, random: createRandom(7) })
  return { lessons, bad: lessons.filter(({ isPoison }) => isPoison), good: lessons.filter(({ isPoison }) => !isPoison) }
}

describe('lessons', () => {
  it('deal the benign requests to many sources over all slices and repeat those of a small group', () => {
    const { good, bad } = sent({ share: 0 })
    expect([good.length, bad.length]).toEqual([3_000, 0])
    expect(new Set(good.map(({ remoteAddress }) => remoteAddress)).size).toBe(benignSources)
    expect(new Set(good.map(({ atMs }) => Math.floor(atMs / poison.sliceMs))).size).toBe(lessonSlices)
    expect(good.filter(({ isNew }) => isNew)).toHaveLength(100)
    expect(sent({ share: 0 }, 2_000).good).toHaveLength(12_000)
    expect(sent({}, 0).lessons).toEqual([])
  })

  it('mix in the share of attacks that was asked for, from their own sources, in order of time', () => {
    for (const share of [0.01, 0.05, 0.1]) {
      const { lessons, bad, good } = sent({ share })
      expect(bad.length / lessons.length).toBeCloseTo(share, 3)
      expect(new Set(bad.map(({ remoteAddress }) => remoteAddress)).size).toBe(3)
      const ofBenign = new Set(good.map(({ remoteAddress }) => remoteAddress))
      expect(bad.every(({ remoteAddress }) => !ofBenign.has(remoteAddress))).toBe(true)
      expect(lessons.every(({ atMs }, index) => index === 0 || atMs >= (lessons[index - 1]?.atMs ?? 0))).toBe(true)
    }
    const { bad } = sent({})
    expect(new Set(bad.map(({ atMs }) => Math.floor(atMs / poison.sliceMs))).size).toBe(lessonSlices)
    expect(bad.filter(({ isNew }) => isNew)).toHaveLength(4)
  })

  it('keep a burst within one time slice', () => {
    const { bad } = sent({ kind: 'burst', sources: 50 })
    expect(new Set(bad.map(({ atMs }) => Math.floor(atMs / poison.sliceMs)))).toEqual(new Set([1]))
    expect(new Set(bad.map(({ remoteAddress }) => remoteAddress)).size).toBe(50)
  })

  it('are the same for the same seed', () => {
    const plan = () => sent({}).lessons.map(({ record: { request }, ...rest }) => [request, rest])
    expect(plan()).toEqual(plan())
  })
})

describe('the division of attacks', () => {
  const teaching = many(30, (index) =>
    record(`/a?x=${index}${index < 3 ? '&rare=1' : ''}${index < 2 ? '&once=1' : ''}`),
  )
  const scored = [...many(21, (index) => attack(`<${index}>`)), ...many(5, () => record('/a?x=1'))]
  const divided = (options: Partial<Poison>) =>
    divide({ teaching, scored, poison: { ...poison, ...options }, random: createRandom(3) })

  it('scores the same half whatever the share, the sources and the kind', () => {
    const plain = divided({})
    const ids = (records: readonly TrafficRecord[]) => records.map(({ id }) => id)
    expect([plain.setApart.length, plain.scored.length]).toEqual([10, 16])
    expect(ids(divided({ share: 0, kind: 'burst' }).scored)).toEqual(ids(plain.scored))
    expect(ids(divided({ kind: 'field' }).scored).slice(0, 16)).toEqual(ids(plain.scored))
    const both = new Set(ids(plain.setApart))
    expect(plain.scored.some(({ id }) => both.has(id))).toBe(false)
  })

  it('aims at the rarest field and asks the scored half there as well', () => {
    const { field, setApart, scored: asked } = divided({ kind: 'field' })
    expect(field).toMatchObject({ location: 'query', name: 'rare', requests: 3 })
    expect(setApart.map(targetOf).every((target) => /^\/a\?x=\d&rare=%3C\d+%3E/.test(target))).toBe(true)
    const aimed = asked.filter(({ category }) => category === aimedCategory)
    expect(aimed).toHaveLength(11)
    expect(aimed.every((entry) => targetOf(entry).includes('&rare=%3C'))).toBe(true)
  })
})

describe('the rarest field', () => {
  it('may be a member of a JSON document or a value of a form', () => {
    const json = many(3, () => record('/j', {}, { id: 5, text: 'x', nested: {} }))
    const inJson = rareFieldOf(json)
    expect(inJson).toMatchObject({ location: 'json', name: 'id' })
    const form = rareFieldOf(many(3, () => record('/f', {}, 'a=1&b=2')))
    expect(form).toMatchObject({ location: 'form', name: 'a' })
    if (inJson === undefined || form === undefined) throw new Error('there is no field')
    const bodyOf = (entry: TrafficRecord | undefined) =>
      entry?.request.kind === 'parts' ? Buffer.from(entry.request.body ?? []).toString() : ''
    expect(bodyOf(aimedAt(attack('"&='), inJson))).toBe('{"id":"\\"&=","text":"x","nested":{}}')
    expect(bodyOf(aimedAt(attack('"&='), form))).toBe('a=%22%26%3D&b=2')
  })

  it('is none where fewer than three requests have any field, and nothing is aimed without a payload', () => {
    expect(
      rareFieldOf([record('/a?x=1'), record('/a?x=2'), record('/b', {}, [1]), record('/c', {}, 'x')]),
    ).toBeUndefined()
    const field = rareFieldOf(many(3, () => record('/a?x=1')))
    if (field === undefined) throw new Error('there is no field')
    expect(aimedAt(record('/a?x=1', { label: 'attack' }), field)).toBeUndefined()
  })
})

describe('a sample', () => {
  it('has the size that was asked for, keeps the order, and every item has its chance', async () => {
    const counts = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 400; seed += 1) {
      const sample = await sampleOf(
        many(10, (index) => index),
        3,
        createRandom(seed),
      )
      expect(sample).toEqual([...new Set(sample)].toSorted((a, b) => a - b))
      expect(sample).toHaveLength(3)
      for (const item of sample) counts[item] = (counts[item] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(80)
    expect(await sampleOf([1, 2], 5, createRandom(1))).toEqual([1, 2])
    expect(await sampleOf([1, 2], 0, createRandom(1))).toEqual([])
  })

  it('by name has about its share, the same for the same seed', () => {
    const names = many(4_000, (index) => `set:attack:${index}`)
    const kept = names.filter((name) => isSampled(name, 0.1, 5))
    expect(kept.length).toBeGreaterThan(320)
    expect(kept.length).toBeLessThan(480)
    expect(names.filter((name) => isSampled(name, 0.1, 5))).toEqual(kept)
    expect(names.filter((name) => isSampled(name, 0.1, 6))).not.toEqual(kept)
    expect(names.every((name) => isSampled(name, 1, 5))).toBe(true)
  })
})
