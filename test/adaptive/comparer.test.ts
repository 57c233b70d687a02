import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Comparer } from '../../src/adaptive/comparer.ts'
import { valueBase } from '../../src/adaptive/features.ts'
import { FieldProfile } from '../../src/adaptive/field-profile.ts'
import { loadRarity } from '../../src/adaptive/rarity.ts'
import { featuresOf } from '../../src/adaptive/value-features.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { nextSpecial } from '../../src/antigen/scorer-fold.ts'
import type { Field } from '../../src/request/field.ts'

const { scorer, evidence: inherited } = shippedScorer()
const rarity = loadRarity()
const rule = { minSources: 2, minSlices: 1, minEstablished: 2 }

/** Values that share forms, so that what is learned of one is often all that there is to know of another. */
const value = fc.oneof(
  fc.constantFrom("' ab 7=7 --", "' or 1=1 --", '<abcdef>u()</abcdef>'),
  fc.constantFrom(
    'on',
    'off',
    'a b',
    'anna@example.org',
    '2026-11-24T10:20:30Z',
    'https://ex.org/a?b=1&c=2',
    '',
    '\ufffd',
  ),
  fc.constantFrom(
    "' or 1=1 --",
    '<script>x()</script>',
    '../../etc/passwd',
    '{"a":[1,2]}',
    'é'.repeat(70),
    'x'.repeat(600),
  ),
  fc.integer({ min: -20_000, max: 20_000 }).map(String),
  fc.float({ noNaN: true, min: -1_000, max: 1_000 }).map((number) => number.toFixed(2)),
  fc.string({ unit: fc.constantFrom('a', '7', ' ', "'", '<', '=', ';', 'é', '.', ':'), maxLength: 9 }),
)
const slot = fc.integer({ min: 0, max: 1 })
const source = fc.integer({ min: 1, max: 4 })
type Step =
  | { act: 'look' | 'vet' | 'open' | 'expire'; slot: number; value: string }
  | { act: 'learn'; slot: number; value: string; source: number }
const acts = fc.constantFrom(...(['look', 'look', 'look', 'vet', 'vet', 'vet', 'open', 'expire'] as const))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: acts, slot, value }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('learn' as const), slot, value, source }) },
)

type Scene = ReturnType<typeof createScene>

function createScene(maxWork = 1e9) {
  const profiles = [new FieldProfile(), new FieldProfile(), new FieldProfile()] as const
  const service = new FieldProfile()
  const store = { field: (number: number) => profiles[number] }
  const options = { store, rarity, scorer, maxWork }
  const memos = new Map<string, number>()
  const foreign = new Set<string>()
  return {
    profiles,
    service,
    /** What was foreign once. */
    foreign,
    fast: new Comparer({ ...options, hasFastPath: true }),
    slow: new Comparer({ ...options, hasFastPath: false }),
    /** Every other text is kept, as the interner does with what repeats itself. */
    field: (at: number, text: string): Field => {
      const key = `${at} ${text}`
      const memo = memos.get(key) ?? (memos.size % 2 === 0 ? memos.size + 1 : 0)
      memos.set(key, memo)
      const rest = { name: 'q', raw: text, decodeDepth: 0, flags: 0, memo }
      return { slot: at, sharedSlot: 2, location: 'query', value: text, ...rest }
    },
  }
}

/** What a comparer says about a field, copied; `null` for a value about which there is nothing to say. */
function verdictOf(comparer: Comparer, field: Field, { service }: Scene) {
  const comparison = comparer.foreign(field, service, true)
  if (comparison === null) return null
  const { unseen, count, ...figures } = comparer.measure(comparison)
  return { ...figures, unseen: [...unseen.subarray(0, count)] }
}

const isNothing = (figures: ReturnType<typeof verdictOf>): boolean =>
  figures === null || (figures.masked === 0 && figures.rarity === 0 && figures.surprise === 0)

function learn(
  scene: Scene,
  { slot: at, value: text }: { slot: number; value: string },
  from: { source: number; isTrusted: boolean },
): void {
  const features = featuresOf(text, inherited)
  for (const profile of [scene.profiles[at], scene.profiles[2]]) profile?.learn(features, { slice: 1, ...from }, rule)
}

type Met = { passed: number; kept: number; special: number; heard: number; became: number }

/** Looks at a value on both paths, twice, so that what is noted the first time counts the second time. */
function look(scene: Scene, field: Field, met: Met): void {
  for (let round = 1; round <= 2; round += 1) {
    const quick = verdictOf(scene.fast, field, scene)
    const full = verdictOf(scene.slow, field, scene)
    if (quick === null) expect(isNothing(full)).toBe(true)
    else expect(quick).toEqual(full)
    count(scene, { field, quick, round }, met)
  }
}

function count(
  { foreign }: Scene,
  { field, quick, round }: { field: Field; quick: ReturnType<typeof verdictOf>; round: number },
  met: Met,
): void {
  const key = `${field.slot} ${field.value}`
  if (quick !== null) {
    if (!isNothing(quick)) foreign.add(key)
    if (quick.masked > 0 && quick.rarity === 0 && quick.surprise === 0) met.heard += 1
    return
  }
  met.passed += 1
  if (field.memo > 0 && round === 2) met.kept += 1
  if (nextSpecial(field.value, 0) < field.value.length) met.special += 1
  if (foreign.has(key)) met.became += 1
}

function act(scene: Scene, one: Step): void {
  const profile = scene.profiles[one.slot]
  switch (one.act) {
    case 'look':
      break
    case 'learn':
      learn(scene, one, { source: one.source, isTrusted: false })
      break
    case 'vet':
      learn(scene, one, { source: 9, isTrusted: true })
      break
    case 'open':
      profile?.tolerate(valueBase)
      break
    case 'expire':
      profile?.expire(1)
      scene.fast.forget()
      break
    default:
      one satisfies never
  }
}

describe('the fast path of comparison with self', () => {
  it('says exactly what the slow path says, whatever is learned, forgotten and noted in between', () => {
    const met: Met = { passed: 0, kept: 0, special: 0, heard: 0, became: 0 }
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const scene = createScene()
        for (const one of steps) {
          act(scene, one)
          look(scene, scene.field(one.slot, one.value), met)
        }
      }),
      { numRuns: 200 },
    )
    for (const [name, times] of Object.entries(met)) expect({ name, isMet: times > 20 }).toEqual({ name, isMet: true })
  })

  it('passes a value for good only when self has shown it, not when it is merely no surprise yet', () => {
    const scene = createScene()
    const [profile] = scene.profiles
    profile.tolerate(valueBase)
    // Two sources show numbers of two digits, but no size of number is self yet: no size is a surprise.
    learn(scene, { slot: 0, value: '20' }, { source: 1, isTrusted: false })
    learn(scene, { slot: 0, value: '70' }, { source: 2, isTrusted: false })
    const field = { ...scene.field(0, '99'), memo: 7 }
    expect(verdictOf(scene.fast, field, scene)).toBeNull()
    for (let times = 0; times < 500; times += 1) learn(scene, { slot: 0, value: '20' }, { source: 3, isTrusted: true })
    const after = verdictOf(scene.fast, field, scene)
    expect(after).toEqual(verdictOf(scene.slow, field, scene))
    expect(after?.surprise).toBeGreaterThan(1)
  })

  it('counts as work what is compared in full, and nothing for what is known', () => {
    const scene = createScene(1_000)
    const { fast } = scene
    learn(scene, { slot: 0, value: 'amber' }, { source: 1, isTrusted: true })
    fast.begin()
    for (let count = 0; count < 5_000; count += 1) verdictOf(fast, { ...scene.field(0, 'amber'), memo: 0 }, scene)
    expect(fast.isSpent).toBe(false)
    for (let count = 0; count < 40; count += 1) verdictOf(fast, scene.field(0, `<new${count}>`), scene)
    expect(fast.isSpent).toBe(true)
    fast.begin()
    expect(fast.isSpent).toBe(false)
  })
})
