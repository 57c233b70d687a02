import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  characterFeature,
  lengthFeature,
  magnitudeFeature,
  maxCharacters,
  valueBase,
  valueFeature,
} from '../../src/adaptive/features.ts'
import { FieldProfile } from '../../src/adaptive/field-profile.ts'
import { featuresOf } from '../../src/adaptive/value-features.ts'
import { formOf, plain, special, strange } from '../../src/adaptive/value-form.ts'
import { chunksOf } from '../../src/antigen/chunks.ts'
import { nextSpecial } from '../../src/antigen/scorer-fold.ts'
import { hashText } from '../../src/core/hash.ts'

const rule = { minSources: 1, minSlices: 1, minEstablished: 1 }
const from = { source: 1, slice: 1, isTrusted: true }

/** The form by its parts, one after the other. */
function formByParts(profile: FieldProfile, value: string): number {
  if (chunksOf(value).some((chunk) => !profile.has(chunk))) return strange
  const characters = Array.from({ length: Math.min(value.length, maxCharacters) }, (_, at) => value.charCodeAt(at))
  const isKnown = (code: number): boolean => characterFeature(code) === -1 || profile.has(characterFeature(code))
  if (!characters.every(isKnown)) return strange
  if (profile.lengthSurprise(lengthFeature(value.length)) > 0) return strange
  if (profile.magnitudeSurprise(magnitudeFeature(value)) > 0) return strange
  if (!profile.isOpen && !profile.has(valueFeature(hashText(value)))) return strange
  return nextSpecial(value, 0) === value.length ? plain : special
}

const unit = fc.constantFrom(
  'a',
  'Z',
  '7',
  ' ',
  '\t',
  "'",
  '<',
  ';',
  'é',
  '\u00a0',
  '\u0000',
  '\ufffd',
  '\ud800',
  '.',
  '-',
  '%',
)
const value = fc.oneof(fc.string({ unit, maxLength: 6 }), fc.integer().map(String), fc.string({ unit: 'binary' }))

describe('formOf', () => {
  it('says in one walk what the parts say one by one', () => {
    const met = [0, 0, 0]
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.array(value), fc.boolean(), (learned, others, isOpen) => {
        const profile = new FieldProfile()
        for (const text of learned) profile.learn(featuresOf(text, null), from, rule)
        if (isOpen) profile.tolerate(valueBase)
        for (const text of [...learned, ...others]) {
          const form = formOf(profile, text)
          expect(form).toBe(formByParts(profile, text))
          met[form] = (met[form] ?? 0) + 1
        }
      }),
      { numRuns: 300 },
    )
    for (const count of met) expect(count).toBeGreaterThan(50)
  })

  it('looks at the characters of a long value as far as they are learned, and at its chunks to the end', () => {
    const profile = new FieldProfile()
    const text = `a${'-a'.repeat(maxCharacters)}`
    profile.learn(featuresOf(text, null), from, rule)
    profile.tolerate(valueBase)
    expect(formOf(profile, `${text.slice(0, -2)}_a`)).toBe(plain)
    expect(formOf(profile, `a_${text.slice(2)}`)).toBe(strange)
    expect(formOf(profile, `${text.slice(0, -2)}<a`)).toBe(strange)
  })
})

describe('magnitudeFeature', () => {
  it('reads the same numbers as the standard conversion, in thirds of a power of ten', () => {
    const zero = magnitudeFeature('0')
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 14 })
    const number = fc.tuple(fc.constantFrom('', '-'), digits, fc.option(digits)).map(([sign, whole, decimals]) => {
      return `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`
    })
    const noise = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE x'), maxLength: 26 })
    let numbers = 0
    fc.assert(
      fc.property(fc.oneof(number, noise), (text) => {
        const isNumber = text.length <= 24 && /^-?\d+(?:\.\d+)?$/.test(text)
        if (isNumber) numbers += 1
        const size = Math.abs(Number(text))
        const steps = size === 0 ? 0 : Math.min(63, Math.max(1, Math.ceil(3 * Math.log10(size) + 1)))
        expect(magnitudeFeature(text)).toBe(isNumber ? zero + (text.startsWith('-') ? -steps : steps) : -1)
      }),
      { numRuns: 3_000 },
    )
    expect(numbers).toBeGreaterThan(500)
  })
})
