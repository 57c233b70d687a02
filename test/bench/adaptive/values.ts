import { Comparer } from '../../../src/adaptive/comparer.ts'
import { FieldProfile } from '../../../src/adaptive/field-profile.ts'
import { loadRarity } from '../../../src/adaptive/rarity.ts'
import { featuresOf } from '../../../src/adaptive/value-features.ts'
import { shippedScorer } from '../../../src/antigen/load-scorer.ts'
import type { Field } from '../../../src/request/field.ts'

const { scorer, evidence } = shippedScorer()
const rule = { minSources: 4, minSlices: 3, minEstablished: 4 }
const service = new FieldProfile()
const profile = new FieldProfile()

const tens = (index: number): string => String(10 + (index % 90))

/** Values of a mature open field, four kinds in turn: e-mail, time, address of a page, words. */
export function ordinaryValue(index: number): string {
  switch (index % 4) {
    case 0:
      return `anna.smith${tens(index)}@example.org`
    case 1:
      return `2026-${tens(index % 3)}-${tens(index)}T10:${tens(index * 7)}:${tens(index * 3)}Z`
    case 2:
      return `https://shop.example.org/items/${tens(index)}?page=${tens(index * 7)}&sort=price`
    default:
      return `amber basil ${tens(index)} cedar dune`
  }
}

for (let index = 0; index < 800; index += 1) {
  profile.learn(featuresOf(ordinaryValue(index), evidence), { source: 1, slice: 1, isTrusted: true }, rule)
}

/** A comparer over that field alone. */
export function comparerOf(hasFastPath: boolean): Comparer {
  const store = { field: (slot: number) => (slot === 0 ? profile : undefined) }
  return new Comparer({ store, rarity: loadRarity(), scorer, maxWork: 1e9, hasFastPath })
}

export function fieldOf(value: string): Field {
  const rest = { name: 'q', raw: value, decodeDepth: 0, flags: 0, memo: 0 }
  return { slot: 0, sharedSlot: 0, location: 'query', value, ...rest }
}

/** Compares all fields; returns something, so that no work is left out. */
export function compareAll(comparer: Comparer, fields: readonly Field[]): number {
  let sum = 0
  for (const field of fields) {
    const comparison = comparer.foreign(field, service, true)
    if (comparison !== null) sum += comparer.measure(comparison).surprise
  }
  return sum
}
