import { hasOnlyChunks } from '../antigen/chunks.ts'
import { nextSpecial } from '../antigen/scorer-fold.ts'
import { hashText } from '../core/hash.ts'
import type { Field } from '../request/field.ts'
import { hasNewCharacter } from './evidence.ts'
import { lengthFeature, magnitudeFeature, valueFeature } from './features.ts'
import type { FieldProfile } from './field-profile.ts'

const places = 4_096
const longest = 512

/**
 * The fast path: values that are self at a glance. A value passes when everything about it is known and it has no
 * character that the frozen scorer reads; or when the same text was found to be self in the same field before. The full
 * comparison would find nothing about either.
 */
export class AcceptedValues {
  readonly #texts: string[] = new Array<string>(places).fill('')
  readonly #profiles: (FieldProfile | undefined)[] = new Array<FieldProfile | undefined>(places).fill(undefined)

  accepts(profile: FieldProfile, field: Field): boolean {
    const { value } = field
    if (nextSpecial(value, 0) < value.length) return this.#isNoted(profile, value)
    return hasOnlyChunks(value, profile.self) && isKnownForm(profile, value)
  }

  /** The full comparison found nothing at all about this value. */
  note(profile: FieldProfile, { value }: Field): void {
    if (value.length > longest) return
    const place = placeOf(value)
    this.#texts[place] = value
    this.#profiles[place] = profile
  }

  clear(): void {
    this.#profiles.fill(undefined)
    this.#texts.fill('')
  }

  #isNoted(profile: FieldProfile, value: string): boolean {
    if (value.length > longest) return false
    const place = placeOf(value)
    return this.#profiles[place] === profile && this.#texts[place] === value
  }
}

const placeOf = (value: string): number => {
  const hash = hashText(value)
  return (hash ^ (hash >>> 13)) & (places - 1)
}

function isKnownForm(profile: FieldProfile, value: string): boolean {
  if (profile.lengthSurprise(lengthFeature(value.length)) > 0) return false
  if (profile.magnitudeSurprise(magnitudeFeature(value)) > 0) return false
  if (!profile.isOpen && !profile.has(valueFeature(hashText(value)))) return false
  return !hasNewCharacter(value, profile)
}
